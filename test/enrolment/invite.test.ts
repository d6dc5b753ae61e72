import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InviteInvocation } from "../../src/cli/invocation.ts";
import { showInvite } from "../../src/cli/show-invite.ts";
import type { Station } from "../../src/cli/terminal.ts";
import type { Toolbox } from "../../src/cli/toolbox.ts";
import { invitationCode, readCode, spacedCode } from "../../src/domain/invitation-code.ts";
import type { Locale } from "../../src/domain/language.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { printer } from "../../src/print/printer.ts";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { type EnrolWorld, enrolWorld } from "./enrol-world.ts";

let open: Open;
let world: EnrolWorld;
let serial = 0;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(() => open.close());
beforeEach(async () => {
  await open.db.$executeRaw`TRUNCATE "unit", "person", "inbound", "ledger_inbox", "setting" RESTART IDENTITY CASCADE`;
  serial = 0;
  world = enrolWorld(open.db);
  await world.tree([
    { code: "county", kind: "authority" },
    { code: "shop", parent: "county" },
    { code: "gone", parent: "county", status: "closed" },
  ]);
});

const ASKED: InviteInvocation = {
  ...{ command: "invite", deed: "make", units: ["shop"], post: "worker", uses: 2, lastsMs: 86_400_000, number: null },
  ...{ out: null, force: false, phone: null, json: false },
};

const { say } = speaker(() => new Date(), "Asia/Shanghai");

const run = async (asked: Partial<InviteInvocation>, locale: Locale = "en") => {
  const said = { out: [] as string[], err: [] as string[], bytes: [] as Uint8Array[] };
  const station: Station = {
    out: (line) => void said.out.push(line),
    err: (line) => void said.err.push(line),
    progress: () => {},
    say: (words) => say(words, locale),
    width: 80,
    write: async (bytes) => void said.bytes.push(bytes),
  };
  const inviting = {
    ...{ invitations: world.invitations, enrolments: world.enrolments, keys: world.keys, clock: world.clock },
    platforms: ["telegram", "web"] as const,
    newCode: () => invitationCode(Uint8Array.of(serial++, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
  };
  const tools = { inviting, printer, address: "https://notices.example.org" } as unknown as Toolbox;
  const code = await showInvite(tools, { ...ASKED, ...asked }, station);
  return { code, ...said, file: Buffer.concat(said.bytes) };
};

describe("chuanda invite", () => {
  it("prints a code once, with its links and a square, and keeps only its hash", async () => {
    await world.invitations.keepBotName("telegram", "chuanda_bot");
    const { code, out, err } = await run({});
    expect([code, out[0]]).toEqual([0, "000G-40R4-0M30-E209  shop  worker  (number 1)"]);
    expect(out.slice(1, 3)).toEqual([
      "  https://t.me/chuanda_bot?start=000G40R40M30E209",
      "  https://notices.example.org/join/000G-40R4-0M30-E209",
    ]);
    expect(out.slice(3).join("\n")).toMatch(/[▀▄█]{3}/u);
    expect(err[0]).toMatch(/^Lets 2 people in, until .*only its hash is kept\.$/u);
    const dump = JSON.stringify(
      await open.db.$queryRaw`SELECT encode("code_hash", 'hex') AS h, "post" FROM "invitation"`,
    );
    expect(dump).not.toContain("000G40R4");
    const document = JSON.parse((await run({ json: true, units: ["county"], post: "deputy:official" })).out[0] ?? "");
    expect(document).toMatchObject({ id: "2", unit: "county", post: "deputy:official", uses: 2, needsApproval: true });
  });

  it.each([
    ["no such unit", { units: ["shop", "nowhere"] }, "There is no unit with code nowhere."],
    ["a closed unit", { units: ["gone"] }, "The unit gone is closed, so nobody can enrol there."],
    ["no post", { post: "boss" }, '"boss" is no post. Use principal'],
    ["no such code", { deed: "revoke", number: "9" }, "No code of number 9 lets anybody in."],
    ["nobody who waits", { deed: "approve", number: "9" }, "Nobody waits under number 9."],
  ] as const)("says what is wrong and makes nothing: %s", async (_, asked, words) => {
    const { code, out, err } = await run(asked);
    expect([code, out, err[0]?.startsWith(words)]).toEqual([1, [], true]);
    expect([await open.db.invitation.count(), await world.told()]).toEqual([0, []]);
  });

  it("lists what is good, takes one back, and says when there is none", async () => {
    expect((await run({ deed: "list", units: [] }, "zh-CN")).out).toEqual(["现在没有能用的邀请码。"]);
    await run({ units: ["shop", "county"] });
    expect((await run({ deed: "list", units: ["shop"] }, "zh-CN")).out[0]).toMatch(
      /^1 {2}shop {2}工人 {2}已用 0\/2，有效期到 /u,
    );
    expect((await run({ deed: "revoke", number: "1" })).out).toEqual(["Code number 1 lets nobody in any more."]);
    const { invitations } = JSON.parse((await run({ deed: "list", units: [], json: true })).out[0] ?? "");
    expect(invitations).toMatchObject([{ id: "2", unit: "county", post: "worker", uses: 2, used: 0 }]);
    expect((await world.told()).map(({ kind }) => kind)).toEqual(["invited", "invited", "invitation-revoked"]);
  });

  it.each(["zh-CN", "en"] as const)(
    "draws a sheet with a page a unit and its font inside, and pictures, in %s",
    async (locale) => {
      const sheet = await run({ units: ["shop", "county"], out: "/x/sheet.pdf", phone: "0834-1" }, locale);
      const pdf = sheet.file.toString("latin1");
      expect(pdf.slice(0, 5)).toBe("%PDF-");
      expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
      expect(pdf).toMatch(/\/FontFile2/);
      expect(pdf).toContain(`/Lang (${locale})`);
      expect(sheet.file.length).toBeLessThan(200_000);
      expect((await run({ out: "/x/q.png" })).file.subarray(1, 4).toString()).toBe("PNG");
      expect((await run({ out: "/x/q.svg" })).file.toString()).toMatch(/^<svg/);
    },
  );
});

describe("a code", () => {
  it("is eighty random bits in letters that nobody mistakes, and is read however people write it", () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const code = invitationCode(one);
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        expect(code === invitationCode(other)).toBe(Buffer.from(one).equals(other));
        const written = [
          spacedCode(code),
          code.toLowerCase(),
          ` ${spacedCode(code).replaceAll("-", " ")} `,
          code.replaceAll("0", "O").replaceAll("1", "l"),
          `https://notices.example.org/join/${spacedCode(code)}?x=1`,
          `https://t.me/chuanda_bot?start=${code}`,
        ];
        for (const words of written) expect(readCode(words), words).toBe(code);
      }),
    );
  });

  it("is nothing else that people write", () => {
    for (const words of [
      "",
      "收到",
      "ok",
      "0000-0000",
      "https://t.me/bot",
      "今天下午三点开会请大家准时参加",
      "__proto__",
    ])
      expect(readCode(words), words).toBeNull();
    fc.assert(fc.property(fc.string({ unit: "binary" }), (words) => void readCode(words)));
  });
});
