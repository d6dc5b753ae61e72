import type { Finding } from "../../dialogue/finding.ts";
import { fine, warning, wrong } from "../../dialogue/finding.ts";
import type { Examination } from "../../ports/examination.ts";
import type { Http } from "../../ports/http.ts";
import type { Asked } from "../ask.ts";
import { openApi } from "./api.ts";

interface ExamineParts {
  readonly token: string;
  /** Null where Slack posts to us. */
  readonly appToken: string | null;
  readonly http: Http;
  readonly apiUrl: URL;
  /** Where Slack is to post to; null where nobody said how this service is reached. */
  readonly webhook: string | null;
  readonly real: Date;
}

interface Identity {
  readonly team?: string;
  readonly user?: string;
}

/** Errors that say that it is the token. */
const TOKEN: ReadonlySet<string> = new Set([
  ...["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"],
]);

const refused = ({ why }: Extract<Asked<unknown>, { ok: false }>, variable: string): Finding =>
  TOKEN.has(why) ? wrong("slack.token", { variable, why }) : warning("slack.silent", { why });

/** Whether there is a way for what people do to come in; null where there is. */
const wayIn = async ({ appToken, webhook, ...rest }: ExamineParts): Promise<Finding | null> => {
  if (appToken === null) return webhook === null ? warning("slack.no-address") : null;
  const opened = await openApi({ ...rest, token: appToken, clock: { real: () => rest.real } }).ask(
    "apps.connections.open",
    {},
  );
  return opened.ok ? null : refused(opened, "SLACK_APP_TOKEN");
};

/** Whether the tokens are good, and whether what people do comes to us. Changes nothing. */
export const examineSlack = (parts: ExamineParts): Examination => ({
  name: "slack",
  examine: async () => {
    const { http, appToken, webhook, real } = parts;
    try {
      const me = await openApi({ ...parts, clock: { real: () => real } }).ask<Identity>("auth.test", {});
      if (!me.ok) return [refused(me, "SLACK_BOT_TOKEN")];
      const wrongWay = await wayIn(parts);
      if (wrongWay) return [wrongWay];
      const { team = "", user = "" } = me.result;
      const found = fine("slack.ok", { bot: user, team });
      return appToken === null ? [found, fine("slack.posts", { url: webhook ?? "" })] : [found];
    } finally {
      await http.close();
    }
  },
});
