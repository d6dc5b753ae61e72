import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";
import type { AssetLinks } from "../html/document.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
const YEAR_SECONDS = 365 * 24 * 60 * 60;

export interface Assets {
  readonly links: AssetLinks;
  /** Answers for `/assets/:hash/:name`; null for a name we do not have. */
  serve(hash: string, name: string, acceptEncoding: string | null): Response | null;
}

/**
 * The files of this room's `assets`, read once. One hash over all of them stands in every path, so that a style finds its
 * font by a relative address and everything may be kept for a year. A page of another release still gets its file, unkept.
 */
export const openAssets = async (): Promise<Assets> => {
  const folder = new URL("./assets/", import.meta.url);
  const names = (await readdir(folder)).filter((name) => extname(name) in TYPES).sort();
  const files = new Map<string, { readonly bytes: Buffer; readonly packed: Buffer | null }>();
  const sum = createHash("sha256");
  for (const name of names) {
    const bytes = await readFile(new URL(name, folder));
    sum.update(name).update(bytes);
    files.set(name, { bytes, packed: extname(name) === ".woff2" ? null : gzipSync(bytes) });
  }
  const ours = sum.digest("hex").slice(0, 12);
  const link = (name: string): string => `/assets/${ours}/${name}`;
  return {
    links: { style: link("chuanda.css"), script: link("live.js"), icon: link("icon.svg") },
    serve: (hash, name, acceptEncoding) => {
      const file = files.get(name);
      if (!file) return null;
      const packed = file.packed && /\bgzip\b/.test(acceptEncoding ?? "") ? file.packed : null;
      return new Response(new Uint8Array(packed ?? file.bytes), {
        headers: {
          "content-type": TYPES[extname(name)] as string,
          "cache-control": hash === ours ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-store",
          vary: "accept-encoding",
          ...(packed && { "content-encoding": "gzip" }),
        },
      });
    },
  };
};
