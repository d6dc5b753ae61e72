// Checks an exported ledger. Written from src/ledger/README.md alone: it shares nothing with the service but that text.
//   node independent-check.mjs export.json [saved-head.txt]
//   node independent-check.mjs --proof proof.json
// export.json: { "publicKey": "chuanda/ledger+…", "entries": [{ "seq", "body", "leaf" }], "heads": [{ "size", "root", "note" }] },
// numbers as decimal strings and bytes in base64. Prints one JSON line; exit 0 when all holds.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const NAME = "chuanda/ledger";

const H = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const bytesOf = (base64) => Buffer.from(base64 ?? "", "base64");
const leafOf = (entry) => H(Buffer.of(0x00), entry);
const nodeOf = (left, right) => H(Buffer.of(0x01), left, right);

const readKey = (text) => {
  const [, keyHash, base64] = /^chuanda\/ledger\+([0-9a-f]{8})\+(.{44})$/.exec(text) ?? [];
  const bytes = bytesOf(base64);
  const hash = H(`${NAME}\n`, bytes).subarray(0, 4);
  if (bytes.length !== 33 || bytes[0] !== 0x01 || hash.toString("hex") !== keyHash) return null;
  const x = bytes.subarray(1).toString("base64url");
  return { hash, object: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }) };
};

/** Whether each line of signatures is well made, and ours is among them and holds. */
const isSigned = (text, lines, key) => {
  const read = lines.map((line) => /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []);
  if (read.some(([, , base64]) => bytesOf(base64).toString("base64") !== base64)) return false;
  const ours = read
    .filter(([, name]) => name === NAME)
    .map(([, , base64]) => bytesOf(base64))
    .filter((bytes) => bytes.subarray(0, 4).equals(key.hash));
  return ours.length > 0 && ours.every((bytes) => verify(null, Buffer.from(text), key.object, bytes.subarray(4)));
};

/** What a head's note says, or null. */
const openHead = (note, key) => {
  const empty = note.lastIndexOf("\n\n");
  if (empty < 0 || !note.endsWith("\n")) return null;
  const text = note.slice(0, empty + 1);
  if (!isSigned(text, note.slice(empty + 2, -1).split("\n"), key)) return null;
  const [, size, root] = /^chuanda\/ledger\n(0|[1-9][0-9]*)\n(.{44})\n$/.exec(text) ?? [];
  return size === undefined ? null : { size: BigInt(size), root: bytesOf(root) };
};

/** The root over entries from `start` up to `end`, straight from its definition. */
const rootOf = (leaves, start, end) => {
  if (end === start) return H();
  if (end - start === 1) return leaves[start];
  let k = 1;
  while (k * 2 < end - start) k *= 2;
  return nodeOf(rootOf(leaves, start, start + k), rootOf(leaves, start + k, end));
};
const hasRoot = (leaves, { size, root }) => rootOf(leaves, 0, Number(size)).equals(root);

/** What failed: the step of the recipe, and the entry or the size of the head. */
const failed = (step, at) => ({ ok: false, step, at: String(at) });

const checkEntries = (entries) => {
  for (const [expected, { seq, body, leaf }] of entries.entries()) {
    if (Number(seq) !== expected) return failed(1, Number(seq) > expected ? expected : seq);
    if (leafOf(bytesOf(body)).toString("base64") !== leaf) return failed(2, seq);
  }
  return null;
};

const checkHead = ({ size, root, note }, before, leaves, key) => {
  const said = openHead(note, key);
  const agrees = said && String(said.size) === size && said.root.toString("base64") === root && said.size > before;
  if (!agrees) return failed(3, size);
  if (said.size > BigInt(leaves.length)) return failed(5, leaves.length);
  return hasRoot(leaves, said) ? null : failed(4, size);
};

const checkSaved = (note, leaves, key) => {
  const saved = openHead(note, key);
  if (!saved || saved.size > BigInt(leaves.length)) return failed(6, leaves.length);
  return hasRoot(leaves, saved) ? null : failed(6, saved.size);
};

const check = ({ publicKey, entries, heads }, savedHead) => {
  const key = readKey(publicKey);
  if (!key) return failed(0, "key");
  const wrong = checkEntries(entries);
  if (wrong) return wrong;
  const leaves = entries.map(({ body }) => leafOf(bytesOf(body)));
  let before = 0n;
  for (const head of heads) {
    const fault = checkHead(head, before, leaves, key);
    if (fault) return fault;
    before = BigInt(head.size);
  }
  if (before !== BigInt(leaves.length)) return failed(5, before);
  const past = savedHead === null ? null : checkSaved(savedHead, leaves, key);
  return past ?? { ok: true, entries: leaves.length };
};

/** Steps 2 and 3 of a proof: the root that the path leads to; null when the path is too long or too short. */
const climb = (leaf, seq, size, path) => {
  let [r, fn, sn] = [leaf, seq, size - 1n];
  const halve = () => {
    fn /= 2n;
    sn /= 2n;
  };
  for (const p of path) {
    if (sn === 0n) return null;
    const left = fn % 2n === 1n || fn === sn;
    r = left ? nodeOf(p, r) : nodeOf(r, p);
    while (left && fn % 2n === 0n && fn !== 0n) halve();
    halve();
  }
  return sn === 0n ? r : null;
};

const checkProof = ({ entry, seq, size, path, note, publicKey }) => {
  const key = readKey(publicKey);
  const head = key && openHead(note, key);
  if (!head || String(head.size) !== size || BigInt(seq) >= head.size) return false;
  return climb(leafOf(bytesOf(entry)), BigInt(seq), head.size, path.map(bytesOf))?.equals(head.root) ?? false;
};

const read = (file) => readFileSync(file, "utf8");
const [file, other] = process.argv.slice(2);
const result =
  file === "--proof"
    ? { ok: checkProof(JSON.parse(read(other))) }
    : check(JSON.parse(read(file)), other ? read(other) : null);
console.log(JSON.stringify(result));
process.exitCode = result.ok ? 0 : 1;
