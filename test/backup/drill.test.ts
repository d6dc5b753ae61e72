import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keptSecrets } from "../../src/keys/local-secrets.ts";
import { noticeText, type Office, office } from "../processes/office.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { configOf, folder, openPlace, type Place, restoreIn } from "./place.ts";

/** Answered before the backup; on its way when it was taken; published after it. */
const [OLD, WAITING, LOST] = ["石安委办〔2026〕1号", "石安委办〔2026〕2号", "石安委办〔2026〕3号"];

let files: Office;
let shelf: ReturnType<typeof folder>;
let postgres: Awaited<ReturnType<typeof freshPostgres>>;
/** Where the second backup goes. */
let other: Awaited<ReturnType<typeof freshEmbedded>>;
let place: Place;
let lose: () => Promise<void>;
let keys: Readonly<Record<string, string>>;

const publish = async (number: string) => {
  const file = files.write(`${Math.random()}.md`, noticeText(number));
  const done = await place.command({ command: "publish", file, dryRun: false, at: null, json: false });
  expect(done, done.err).toMatchObject({ code: 0 });
};
const backUp = (name: string) => place.command({ command: "backup", file: shelf.at(name), force: false, json: true });
const held = (deed: "show" | "release" | "drop", number: string | null = null) =>
  place.command({ command: "held", number, deed, json: true });
const verify = (file: string | null, saveHead: string | null = null) =>
  place.command({ command: "verify", file, saveHead, json: true });
const saveHead = async (name: string) => {
  expect(await verify(null, shelf.at(name))).toMatchObject({ code: 0 });
  return shelf.at(name);
};
const sealed = () =>
  expect.poll(async () => JSON.parse((await verify(null)).out).unsealed, { timeout: 10_000 }).toBe(0);

/** What stands in the tables, as text, whatever the order of the rows. */
const contents = async (tables: readonly string[]) => {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await place.installation.database.pool.query(
      `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM "${table}" t`,
    );
    found[table] = rows[0].sum;
  }
  return found;
};
const UNTOUCHED =
  "unit person person_key account post notice notice_text obligation asked answer chat_log chat_message";
const kept = () => contents(UNTOUCHED.split(" "));

beforeAll(async () => {
  files = office();
  shelf = folder();
  postgres = await freshPostgres();
  const made = await freshEmbedded();
  await made.database.close();
  other = await freshEmbedded();
  await other.database.close();
  place = await openPlace(configOf({ DATA_DIR: made.dataDir }));
  const { secretKey, ledgerKey } = keptSecrets(made.dataDir);
  keys = { SECRET_KEY: secretKey ?? "", LEDGER_KEY: ledgerKey ?? "" };
  // The machine that will be lost.
  lose = async () => {
    await place.close();
    rmSync(made.dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
}, 180_000);
afterAll(async () => {
  await place?.close();
  rmSync(other.dataDir, { recursive: true, force: true, maxRetries: 5 });
  await postgres.drop();
  files.remove();
  shelf.remove();
});

describe("a machine is lost and its backup restored on another kind of database", () => {
  let before: Awaited<ReturnType<typeof kept>>;
  let heads: { readonly older: string; readonly later: string };
  let buttons: Record<"early" | "waiting" | "lost", Awaited<ReturnType<Place["card"]>>>;

  it("is backed up while its service runs, into a file for its owner's eyes only", async () => {
    await place.command({
      command: "import",
      files: [files.units, files.people],
      dryRun: false,
      complete: [],
      json: false,
    });
    await place.start("web", "worker");
    await publish(OLD);
    await place.sent(OLD, 4);
    await place.press(await place.card("E1", "周建国", OLD));
    await sealed();
    const older = await saveHead("older.txt");
    await place.close();
    place = await openPlace(place.installation.config);
    await place.start("web");
    await publish(WAITING);
    before = await kept();
    const done = await backUp("one.tar.gz");
    expect(done, done.err).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(done.out)).toMatchObject({ rows: { person: 7, notice: 2, answer: 1, delivery: 10 } });
    expect(statSync(shelf.at("one.tar.gz")).mode & 0o777).toBe(0o600);
    expect(await backUp("one.tar.gz")).toMatchObject({ code: 1, out: "" });

    // What happens now nobody will remember.
    await place.start("worker");
    await place.sent(WAITING, 4);
    await publish(LOST);
    await place.sent(LOST, 4);
    await place.press(await place.card("T2", "白秋实", OLD));
    await sealed();
    heads = { older, later: await saveHead("later.txt") };
    buttons = {
      early: await place.card("T2", "白秋实", OLD),
      waiting: await place.card("T1", "韩雪梅", WAITING),
      lost: await place.card("T1", "韩雪梅", LOST),
    };
    await lose();
  });

  it("comes back as it was, proven against the head of the backup", async () => {
    const config = configOf({ DATABASE_URL: postgres.url, ...keys });
    const restored = await restoreIn(config, shelf.at("one.tar.gz"), true);
    expect(restored, restored.err).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(restored.out)).toMatchObject({ held: 4, rows: { person: 7, notice: 2 } });
    place = await openPlace(config);
    expect(await kept()).toEqual(before);
    expect(await verify(heads.older)).toMatchObject({ code: 0 });
    const later = await verify(heads.later);
    expect(later).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(later.out)).toMatchObject({ proven: false, restored: { entries: expect.any(String) } });
  });

  it("sends nothing again by itself, while new notices go out at once", async () => {
    await place.start("web", "worker");
    expect(await place.coverage(WAITING)).toMatchObject({ queued: 0, inDoubt: 4, held: 4, failed: 1, recipients: 5 });
    await publish(LOST);
    await place.sent(LOST, 4);
    expect(await place.states(WAITING)).toEqual({ gone: 1, "in-doubt": 4 });
    expect(JSON.parse((await held("show")).out)).toMatchObject({
      held: 4,
      notices: [{ number: WAITING, messages: 4, open: true }],
    });
  });

  it("takes taps on the cards that people have from before", async () => {
    await place.press(buttons.early);
    expect(await place.coverage(OLD)).toMatchObject({ acknowledged: 2 });
    await place.press(buttons.waiting);
    expect(await place.states(WAITING)).toEqual({ gone: 1, "in-doubt": 3, seen: 1 });
    // Its number is nobody's any more, least of all that of the notice that was published anew.
    await place.press(buttons.lost);
    expect(await place.coverage(LOST)).toMatchObject({ acknowledged: 0 });
    expect(await place.coverage(WAITING)).toMatchObject({ acknowledged: 1, held: 3 });
  });

  it("sends what is really open when an operator says so", async () => {
    expect(JSON.parse((await held("release", WAITING)).out)).toEqual({ released: 3, dropped: 0 });
    await place.sent(WAITING, 4);
    expect(await place.states(WAITING)).toEqual({ gone: 1, seen: 1, sent: 3 });
    expect(JSON.parse((await held("show")).out)).toEqual({ held: 0, notices: [] });
    expect(await held("release", WAITING)).toMatchObject({ code: 1, out: "" });
  });

  it("and goes back the same way, from the server into an embedded database", async () => {
    await sealed();
    expect(await backUp("two.tar.gz")).toMatchObject({ code: 0 });
    before = await kept();
    const { dataDir } = other;
    const missing = await restoreIn(configOf({ DATA_DIR: dataDir }), shelf.at("two.tar.gz"));
    expect(missing).toMatchObject({ code: 1, out: "", err: expect.stringContaining("SECRET_KEY is missing") });
    writeFileSync(join(dataDir, "secret.key"), keys.SECRET_KEY ?? "", { mode: 0o600 });
    writeFileSync(join(dataDir, "ledger.key"), keys.LEDGER_KEY ?? "", { mode: 0o600 });
    await place.close();
    const back = await restoreIn(configOf({ DATA_DIR: dataDir }), shelf.at("two.tar.gz"));
    expect(back, back.err).toMatchObject({ code: 0, err: "" });
    expect(back.out).toMatch(/^Restored as it was .* 7 people, 3 notices; the ledger is unbroken/);
    place = await openPlace(configOf({ DATA_DIR: dataDir }));
    expect(await kept()).toEqual(before);
    expect(await verify(heads.older)).toMatchObject({ code: 0 });
    await publish("石安委办〔2026〕4号");
    const again = await restoreIn(configOf({ DATABASE_URL: postgres.url, ...keys }), shelf.at("two.tar.gz"));
    expect(again).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/holds data already \(unit 6, person 7, notice 3, ledger_entry \d+\)/),
    });
  });
});
