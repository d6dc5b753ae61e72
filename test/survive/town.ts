import { randomUUID } from "node:crypto";
import { parseDue } from "../../src/domain/due.ts";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";
import type { Keys } from "../../src/ports/keys.ts";
import type { Db } from "../../src/store/client.ts";
import { office } from "../scripted/office.ts";
import type { ScriptedServer } from "../scripted/scripted-server.ts";

/** One who answers for a unit of their own. */
export interface Citizen {
  readonly chat: string;
  readonly unit: bigint;
  /** Takes the first answer back. */
  readonly fickle: boolean;
}

const FICKLE_EVERY = 7;

/** A county with so many enterprises, each with a principal on the scripted platform. */
export const town = async (
  { db, keys, there }: { readonly db: Db; readonly keys: Keys; readonly there: ScriptedServer },
  count: number,
  fickle: boolean,
): Promise<readonly Citizen[]> => {
  const chats = [...new Set(Array.from({ length: count + 50 }, () => there.newChat()))].slice(0, count);
  for (const chat of chats) there.chats.open(chat);
  const people = await office(db, keys).people("scripted-telegram", chats);
  const [root] = await db.$queryRaw<[{ id: bigint }]>`
    INSERT INTO "unit" ("code", "name", "kind", "industries", "site_types", "lft", "rgt", "depth")
    VALUES ('county', '石桥县', 'authority', '{}', '{}', 1, ${2 * count + 2}::int, 0) RETURNING "id"`;
  const units = await db.$queryRaw<{ id: bigint }[]>`
    INSERT INTO "unit" ("code", "name", "kind", "parent_id", "industries", "site_types", "lft", "rgt", "depth")
    SELECT 'firm' || n, '石桥' || n || '厂', 'enterprise', ${root.id}, '{other}', '{}', 2 * n, 2 * n + 1, 1
    FROM generate_series(1, ${count}::int) n ORDER BY n RETURNING "id"`;
  await db.$executeRaw`
    INSERT INTO "post" ("unit_id", "person_id", "post")
    SELECT u, p, 'principal'
    FROM unnest(${units.map(({ id }) => id)}::bigint[], ${people.map(({ person }) => person)}::bigint[]) AS r(u, p)`;
  return people.map(({ chat }, at) => ({
    chat,
    unit: units[at]?.id as bigint,
    fickle: fickle && at % FICKLE_EVERY === 0,
  }));
};

let serial = 0;

/** An urgent notice to every enterprise: what is in doubt is repeated at once, so that every doubt shows. */
export const draftNotice = (): NoticeDraft => {
  serial += 1;
  const number = `某安委办〔2026〕${serial}号`;
  const words = {
    number,
    locale: "zh-CN",
    title: `第${serial}次检查`,
    body: `请您查一遍通道。\n\n${randomUUID()}`,
  } as const;
  const hash = contentHash.text(words);
  return {
    number,
    issuerCode: "county",
    urgency: "urgent",
    ack: "undertake",
    due: parseDue("4h"),
    audience: "kind enterprise",
    closing: { kind: "each-unit" },
    reminders: [],
    texts: [{ locale: words.locale, title: words.title, body: words.body, hash }],
    contentHash: hash,
  };
};
