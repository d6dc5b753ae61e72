import type { Finding } from "../../dialogue/finding.ts";
import { fine, warning, wrong } from "../../dialogue/finding.ts";
import type { Examination } from "../../ports/examination.ts";
import type { Http } from "../../ports/http.ts";
import type { Asked } from "../ask.ts";
import { openApi } from "./api.ts";

interface ExamineParts {
  readonly token: string;
  readonly http: Http;
  /** Where Telegram should post updates to; null where they are asked for. */
  readonly webhook: string | null;
  readonly real: Date;
}

/** core.telegram.org/bots/api#webhookinfo */
interface WebhookInfo {
  readonly url?: string;
  readonly pending_update_count?: number;
  readonly last_error_date?: number;
  readonly last_error_message?: string;
}

/** An error that is older than this has passed. */
const RECENT_S = 600;
/** So many updates that nobody took are more than a busy minute's. */
const MANY = 200;

const refused = ({ status, why }: Extract<Asked<unknown>, { ok: false }>): Finding =>
  status === 401 || status === 404
    ? wrong("telegram.token", { variable: "TELEGRAM_BOT_TOKEN" })
    : warning("telegram.silent", { why });

const ofWebhook = (info: WebhookInfo, { webhook, real }: ExamineParts): readonly Finding[] => {
  const url = info.url ?? "";
  // Whoever has the token can point the webhook elsewhere, and reads along.
  if (url !== (webhook ?? "")) return [wrong(webhook === null ? "telegram.webhook-set" : "telegram.webhook-other")];
  const found: Finding[] = [];
  const age = real.getTime() / 1_000 - (info.last_error_date ?? 0);
  if (url !== "" && age < RECENT_S)
    found.push(warning("telegram.webhook-fails", { why: info.last_error_message ?? "" }));
  const count = info.pending_update_count ?? 0;
  if (count > MANY) found.push(warning("telegram.behind", { count }));
  return found;
};

/** Whether the token is a bot's, and whether its updates come to us. Changes nothing. */
export const examineTelegram = (parts: ExamineParts): Examination => ({
  name: "telegram",
  examine: async () => {
    const api = openApi(parts.http, parts.token, { real: () => parts.real });
    try {
      const me = await api.ask<{ readonly username?: string }>("getMe", {});
      if (!me.ok) return [refused(me)];
      const info = await api.ask<WebhookInfo>("getWebhookInfo", {});
      if (!info.ok) return [refused(info)];
      const found = ofWebhook(info.result, parts);
      return found.length > 0 ? found : [fine("telegram.ok", { bot: me.result.username ?? "" })];
    } finally {
      await parts.http.close();
    }
  },
});
