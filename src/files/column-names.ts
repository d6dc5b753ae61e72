import en from "../../locales/en.json" with { type: "json" };
import zhCN from "../../locales/zh-CN.json" with { type: "json" };
import type { Locale } from "../domain/language.ts";
import { visibleText } from "../domain/visible-text.ts";
import type { Table } from "../ports/table.ts";

/** The columns of each kind of table; the first ones must be there. */
export const COLUMNS = {
  units: {
    needed: ["code", "name", "kind", "parent"],
    others: ["division", "industry", "site_types", "grade", "watch", "status"],
  },
  people: {
    needed: ["name", "unit", "post"],
    others: ["locale", "phone", "telegram", "slack", "feishu", "dingtalk", "wecom", "web"],
  },
} as const;

/** An export says its header in the reader's language; every one of them is read back. */
const WORDS: Readonly<Record<Locale, Readonly<Record<string, string>>>> = { en, "zh-CN": zhCN };

export const columnsOf = (kind: Table["kind"]): readonly string[] => [...COLUMNS[kind].needed, ...COLUMNS[kind].others];

/** A header's cell as it is compared: capitals, spaces around it and what cannot be seen do not matter. */
export const plainName = (cell: string): string => visibleText(cell).toLowerCase();

const namesOf = (kind: Table["kind"], column: string): readonly string[] => [
  column,
  ...Object.values(WORDS).flatMap((words) => words[`column.${kind}.${column}`] ?? []),
];

const calling = (kind: Table["kind"]): ReadonlyMap<string, string> =>
  new Map(columnsOf(kind).flatMap((column) => namesOf(kind, column).map((name) => [plainName(name), column] as const)));

/** For each kind of table, every name that a column goes by and the column it is. */
export const CALLED: Readonly<Record<Table["kind"], ReadonlyMap<string, string>>> = {
  units: calling("units"),
  people: calling("people"),
};
