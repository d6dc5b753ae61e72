import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SealedWorld } from "./sealed-world.ts";

const CHECKER = fileURLToPath(new URL("independent-check.mjs", import.meta.url));

export interface Independent {
  readonly ok: boolean;
  /** The step of the recipe that failed. */
  readonly step?: number;
  readonly at?: string;
}

const run = async (files: Readonly<Record<string, string>>, words: (path: (name: string) => string) => string[]) => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-check-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const out = await new Promise<string>((resolve, reject) =>
      execFile(process.execPath, [CHECKER, ...words((name) => join(folder, name))], (error, stdout, stderr) =>
        stdout ? resolve(stdout) : reject(error ?? new Error(stderr)),
      ),
    );
    return JSON.parse(out) as Independent;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Hands everything that is public about a ledger to the checker, which is another program. */
export const independentCheck = async (world: SealedWorld, saved: string | null = null): Promise<Independent> => {
  const entries = await world.db.ledgerEntry.findMany({ orderBy: { seq: "asc" } });
  const heads = await world.db.ledgerHead.findMany({ orderBy: { size: "asc" } });
  const exported = {
    publicKey: world.ledger.publicKey,
    entries: entries.map(({ seq, body, leaf }) => ({ seq: String(seq), body: base64(body), leaf: base64(leaf) })),
    heads: heads.map(({ size, root, note }) => ({ size: String(size), root: base64(root), note })),
  };
  const files = { "export.json": JSON.stringify(exported), ...(saved === null ? {} : { saved }) };
  return run(files, (path) => [path("export.json"), ...(saved === null ? [] : [path("saved")])]);
};

export const independentProofCheck = (proof: string): Promise<Independent> =>
  run({ proof }, (path) => ["--proof", path("proof")]);
