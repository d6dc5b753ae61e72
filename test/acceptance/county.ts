/** County A of the acceptance scenario (domain.md §6): 6 towns, 8 villages and 20 enterprises each, an office above them. */
export interface Member {
  readonly code: string;
  readonly name: string;
  readonly town: string;
  readonly kind: "village" | "enterprise";
  readonly person: string;
  readonly locale: "zh-CN" | "en";
  /** Telegram's id of whoever answers for it. */
  readonly id: number;
}

const TOWNS = ["T1", "T2", "T3", "T4", "T5", "T6"] as const;
const FIRST_ID = 810_000_000;

const member = (kind: Member["kind"], town: string, at: number, serial: number): Member => ({
  code: `${town}${kind === "village" ? "V" : "E"}${at}`,
  name: `${town}${kind === "village" ? "村" : "企业"}${at}`,
  ...{ town, kind },
  person: serial % 2 === 0 ? `周建国${serial}` : `Zhou Jianguo ${serial}`,
  locale: serial % 2 === 0 ? "zh-CN" : "en",
  id: FIRST_ID + serial,
});

export const MEMBERS: readonly Member[] = TOWNS.flatMap((town, t) => [
  ...Array.from({ length: 8 }, (_, at) => member("village", town, at + 1, t * 28 + at)),
  ...Array.from({ length: 20 }, (_, at) => member("enterprise", town, at + 1, t * 28 + 8 + at)),
]);

/** Who answers for the towns; they may answer for what lies below. */
export const OFFICIALS = TOWNS.map((town, at) => ({ town, name: `林晓梅${at}`, id: FIRST_ID + 1_000 + at }));

/** As a file; `closed` names units that have closed since. */
export const unitsCsv = (closed: ReadonlySet<string> = new Set()): string =>
  [
    "code,name,kind,parent,division,industry,site_types,grade,watch,status",
    "C,甲县,authority,,,,,,no,active",
    ...TOWNS.map((town) => `${town},${town}镇,grassroots,C,,,,,no,active`),
    ...MEMBERS.map(({ code, name, kind, town }) => {
      const status = closed.has(code) ? "closed" : "active";
      return `${code},${name},${kind === "village" ? "grassroots" : "enterprise"},${town},,,,,no,${status}`;
    }),
    "",
  ].join("\n");

/** Whoever is on Slack has the same number there. */
export const slackIdOf = ({ id }: { readonly id: number }): string => `U${id}`;

export const peopleCsv = (onSlack: (who: { readonly id: number }) => boolean = () => false): string => {
  const ids = (who: { readonly id: number }) => (onSlack(who) ? `,${slackIdOf(who)}` : `${who.id},`);
  return [
    "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web",
    ...OFFICIALS.map(({ town, name, id }) => `${name},${town},official,zh-CN,,${ids({ id })},,,,`),
    ...MEMBERS.map((member) => {
      const { code, person, kind, locale } = member;
      const post = kind === "village" ? "official" : "principal";
      return `${person},${code},${post},${locale},,${ids(member)},,,,`;
    }),
    "",
  ].join("\n");
};

export const NUMBER = "某安委办〔2026〕17号";

export const NOTICE = `---
number: ${NUMBER}
issuer: "C"
urgency: priority
ack: undertake
due: 2d
audience: kind enterprise or (kind grassroots and not (${TOWNS.map((town) => `unit ${town}`).join(" or ")}))
closing: each-unit
reminders: standard
supersedes: null
---
# 国庆节前安全防范
请您做三件事：

- 查一遍消防通道和配电箱
- 定好节日值班人
- 停用的报警器先修再开工

<!-- locale: en -->
# Safety before the National Day
Three things, please:

- Check exits and switchboards
- Name who is on duty
- Mend alarms before work goes on
`;
