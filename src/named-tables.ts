import type { Config } from "./config.ts";
import { openTables } from "./files/open-tables.ts";
import { openHttp } from "./http/open-http.ts";
import { slackDirectory } from "./platforms/slack/directory.ts";
import type { Clock } from "./ports/clock.ts";
import type { OpenTables } from "./ports/table.ts";
import { namingAccounts } from "./services/name-accounts.ts";

/** Tables in which people may be named by e-mail, where a platform that knows them so is switched on. */
export const openNamedTables = ({ slack }: Config, clock: Clock): OpenTables => {
  if (!slack || slack.emailDomains.length === 0) return openTables;
  const { token, apiUrl, emailDomains } = slack;
  const http = () => openHttp(apiUrl.origin, { connections: 1 });
  const directory = slackDirectory({ token, apiUrl, clock, http });
  return namingAccounts({ openTables, directory, column: "slack", domains: new Set(emailDomains) });
};
