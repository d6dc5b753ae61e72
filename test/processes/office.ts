import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const UNITS = `code,name,kind,parent,division,industry,site_types,grade,watch,status
C,石桥县,authority,,,,,,no,active
T1,上坪镇,grassroots,C,,,,,no,active
T2,下坪镇,grassroots,C,,,,,no,active
E1,石桥木业,enterprise,T1,,,,B,no,active
E2,石桥化工,enterprise,T2,,,,A,no,active
E3,石桥旧厂,enterprise,T2,,,,,no,closed
`;

/** Nobody reaches E2's principal, who has no account; T1 has a deputy; E3 is closed. */
const PEOPLE = `name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web
林远山,C,official,zh-CN,,,,,,,yes
韩雪梅,T1,official,zh-CN,,,,,,,yes
冯立本,T1,deputy:official,zh-CN,,,,,,,yes
白秋实,T2,official,zh-CN,,,,,,,yes
周建国,E1,principal,zh-CN,,,,,,,yes
石开泰,E2,principal,zh-CN,,,,,,,
罗阿木,E1,worker,zh-CN,,,,,,,yes
`;

/** A notice that every unit has to undertake. Its due time needs no calendar, which ends some year. */
const noticeText = (number: string, audience = "all"): string => `---
number: ${number}
issuer: "C"
urgency: priority
ack: undertake
due: 2d
audience: ${audience}
closing: each-unit
reminders: standard
supersedes: null
---
# 请查一遍消防通道

请您今天查一遍。
`;

/** Files of a small county, in a folder of their own. */
export const office = (people = PEOPLE) => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-office-"));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    write,
    units: write("units.csv", UNITS),
    people: write("people.csv", people),
    notice: (number: string) => write(`${number.replace(/\W/gu, "-")}${Math.random()}.md`, noticeText(number)),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
};

export type Office = ReturnType<typeof office>;
