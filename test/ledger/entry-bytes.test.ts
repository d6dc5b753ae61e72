import { createHash, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { entryBytes, readEntry } from "../../src/ledger/entry-bytes.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { readLedgerKey } from "../../src/ledger/ledger-key.ts";
import type { LedgerEvent } from "../../src/ports/ledger.ts";

const event: LedgerEvent = {
  kind: "acknowledged",
  at: new Date("2020-04-13T01:00:00.5Z"),
  actor: "p1",
  subject: { notice: "某安委办〔2026〕17号", obligation: "42", unit: "5134", generation: "1", fulfilled: "yes" },
  contentHash: "ab",
  how: "tap",
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("an entry's bytes", () => {
  it("are canonical: sorted, without spaces, in UTF-8, with time in UTC", () => {
    const text = Buffer.from(entryBytes(event)).toString("utf8");
    expect(text.replace(/"id":"[0-9a-f-]{36}"/, '"id":"…"')).toBe(
      '{"actor":"p1","at":"2020-04-13T01:00:00.500Z","contentHash":"ab","how":"tap","id":"…","kind":"acknowledged",' +
        '"subject":{"fulfilled":"yes","generation":"1","notice":"某安委办〔2026〕17号","obligation":"42","unit":"5134"},"v":"1"}',
    );
  });

  it("differ each time, and read as what was written", () => {
    const [one, other] = [entryBytes(event), entryBytes(event)];
    expect(Buffer.compare(one, other)).not.toBe(0);
    expect(readEntry(one)).toMatchObject({ ...event, at: event.at.toISOString() });
  });

  it("are composed (NFC), and cannot be made from half a character", () => {
    const composed = readEntry(entryBytes({ ...event, actor: "Jose\u0301" }));
    expect(composed?.actor).toBe("José");
    expect(() => entryBytes({ ...event, actor: "\ud800" })).toThrow("surrogate");
  });

  it("are not read when anything about them is not canonical", () => {
    const text = Buffer.from(entryBytes(event)).toString("utf8");
    const wrong = [
      text.replace('{"actor', '{ "actor'),
      text.replace('"v":"1"', '"v":"2"'),
      text.replace('"v":"1"', '"v":1'),
      text.replace('"actor":"p1",', ""),
      text.replace('"actor":"p1"', '"actor":"p0","actor":"p1"'),
      text.replace('"unit":"5134"', '"unit":5134'),
      text.replace(/"subject":\{[^}]*\}/, '"subject":[]'),
      text.replace("p1", "\\u00701"),
      `\ufeff${text}`,
      `${text}\n`,
      "null",
      "",
    ];
    for (const body of wrong) expect(readEntry(Buffer.from(body))).toBeNull();
    expect(readEntry(Buffer.from([0xff, 0xfe]))).toBeNull();
  });
});

describe("content hashes", () => {
  const version = { number: "某〔2026〕1号", locale: "zh-CN", title: "标题", body: "正文\n" };

  it("of a version are over its canonical JSON, so that anybody can recompute them", () => {
    expect(contentHash.text(version)).toBe(
      sha256('{"body":"正文\\n","locale":"zh-CN","number":"某〔2026〕1号","title":"标题"}'),
    );
    expect(contentHash.text({ ...version, title: "e\u0301" })).toBe(contentHash.text({ ...version, title: "é" }));
    expect(contentHash.text({ ...version, title: "标题 " })).not.toBe(contentHash.text(version));
  });

  it("of a notice are over its front matter and the hashes of its versions", () => {
    const facts = {
      number: version.number,
      issuer: "5134",
      urgency: "priority",
      ack: "undertake",
      due: null,
      audience: "all",
      closing: "quorum(2)",
      reminders: ["-30m", "0"],
      texts: [{ locale: "zh-CN", hash: "aa" }],
    };
    expect(contentHash.notice(facts)).toBe(
      sha256(
        '{"ack":"undertake","audience":"all","closing":"quorum(2)","due":null,"issuer":"5134","number":"某〔2026〕1号",' +
          '"reminders":["-30m","0"],"texts":[{"hash":"aa","locale":"zh-CN"}],"urgency":"priority"}',
      ),
    );
  });

  it("of people do not depend on their order", () => {
    expect(contentHash.people(["b", "a", "B"])).toBe(sha256("B,a,b"));
    expect(contentHash.people([])).toBe(sha256(""));
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: "grapheme-ascii" })), (uids) => {
        expect(contentHash.people(uids.toReversed())).toBe(contentHash.people(uids));
      }),
    );
  });
});

describe("LEDGER_KEY", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const der = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

  it("is the same as PEM, as PEM on one line, and as base64", () => {
    const { publicKey } = openLedger(pem);
    expect(openLedger(pem.replaceAll("\n", "\\n")).publicKey).toBe(publicKey);
    expect(openLedger(` ${der}\n`).publicKey).toBe(publicKey);
    expect(publicKey).toMatch(/^chuanda\/ledger\+[0-9a-f]{8}\+A/);
  });

  it.each([
    ["nothing", "", "no-private-key"],
    ["words", "correct horse", "no-private-key"],
    ["half a key", pem.slice(0, 60), "no-private-key"],
    [
      "a public key",
      generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString(),
      "no-private-key",
    ],
    [
      "an X25519 key",
      generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      "not-ed25519",
    ],
  ] as const)("is refused when it holds %s, without being shown", (_, text, kind) => {
    expect(readLedgerKey(text)).toEqual({ problem: { kind } });
    expect(() => openLedger(text)).toThrow(`LEDGER_KEY cannot be used: {"kind":"${kind}"}`);
  });

  it("gives each key its own macs", () => {
    const entry = { seq: 1n, id: 2n, leaf: Buffer.alloc(32) };
    const other = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(openLedger(pem).mac(entry)).toEqual(openLedger(der).mac(entry));
    expect(openLedger(pem).mac(entry)).not.toEqual(openLedger(other).mac(entry));
    expect(openLedger(pem).mac({ ...entry, seq: 2n, id: 1n })).not.toEqual(openLedger(pem).mac(entry));
  });
});
