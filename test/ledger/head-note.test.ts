import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  headText,
  noteKey,
  ORIGIN,
  openHead,
  openNote,
  readNoteKey,
  signNote,
  writeNoteKey,
} from "../../src/ledger/head-note.ts";

/** Notes made by others: the verifier key, the text, and the line with the signature. */
const FOREIGN = [
  {
    // The first checkpoint that c2sp.org/tlog-checkpoint quotes, as sum.golang.org signed it.
    key: "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    text: "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    line: "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=",
  },
  {
    // The example of golang.org/x/mod/sumdb/note.
    key: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    line: "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
  },
  {
    key: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    text: "This is an example message.\n",
    line: "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
  },
] as const;

const keyOf = (text: string) => {
  const key = readNoteKey(text);
  if (!key) throw new Error("no key");
  return key;
};

describe("signed notes", () => {
  it.each(FOREIGN)("of others open: $key", ({ key, text, line }) => {
    expect(writeNoteKey(keyOf(key))).toBe(key);
    expect(openNote(`${text}\n${line}\n`, keyOf(key))).toBe(text);
    expect(openNote(`${text}\n— somebody.example/else AAAAAA==\n${line}\n`, keyOf(key))).toBe(text);
    expect(openNote(`${text.replace("e", "E")}\n${line}\n`, keyOf(key))).toBeNull();
  });

  it("come out as another implementation writes them", () => {
    const [, { text, line }] = FOREIGN;
    const seed = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    expect(signNote(text, noteKey(createPublicKey(privateKey), "PeterNeumann"), privateKey)).toBe(`${text}\n${line}\n`);
  });

  it.each(["", "name", "a b+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])(
    "have no key in %j",
    (text) => expect(readNoteKey(text)).toBeNull(),
  );
});

describe("heads", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = noteKey(publicKey);
  const facts = fc.record({
    size: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
  });
  const head = (text: string): string => signNote(text, key, privateKey);

  it("say their size and root again", () => {
    fc.assert(
      fc.property(facts, (what) => {
        expect(openHead(head(headText(what)), key)).toEqual(what);
      }),
    );
  });

  it("are refused with any character changed, removed or added", () => {
    fc.assert(
      fc.property(
        facts,
        fc.nat(),
        fc.constantFrom("", "0", "A", "\n", " ", "="),
        fc.nat({ max: 1 }),
        (what, at, text, cut) => {
          const note = head(headText(what));
          const where = at % note.length;
          const changed = note.slice(0, where) + text + note.slice(where + cut);
          fc.pre(changed !== note);
          expect(openHead(changed, key)).toBeNull();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("are refused under another key, another name, or when they say something else", () => {
    const text = headText({ size: 7n, root: Buffer.alloc(32, 1) });
    const other = generateKeyPairSync("ed25519");
    expect(openHead(signNote(text, noteKey(other.publicKey), other.privateKey), key)).toBeNull();
    const renamed = noteKey(publicKey, "chuanda/other");
    expect(openHead(signNote(text, renamed, privateKey), renamed)).toBeNull();
    for (const wrong of [
      text.replace("7", "07"),
      text.replace("7", "-7"),
      text.replace(ORIGIN, "other/ledger"),
      `${text}more\n`,
      text.replace(/\n.*=\n/, "\n\n"),
      "",
    ]) {
      expect(openHead(head(wrong), key)).toBeNull();
    }
  });
});
