import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openAssets } from "../../src/web/assets.ts";

const bytesOf = async (answer: Response | null): Promise<Buffer> =>
  Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0));
const [hash = ""] = (await openAssets()).links.style.split("/").slice(2);

it("lets browsers keep what a page of this release names, and nothing of another", async () => {
  const assets = await openAssets();
  const ours = assets.serve(hash, "chuanda.css", null);
  const others = assets.serve("000000000000", "chuanda.css", null);
  expect(ours?.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(others?.headers.get("cache-control")).toBe("no-store");
  expect(await others?.text()).toBe(await ours?.text());
});

it("packs text for who takes it, and says so", async () => {
  const assets = await openAssets();
  const plain = await bytesOf(assets.serve(hash, "live.js", null));
  const packed = assets.serve(hash, "live.js", "br, gzip");
  expect(packed?.headers.get("content-encoding")).toBe("gzip");
  expect(gunzipSync(await bytesOf(packed)).equals(plain)).toBe(true);
  expect(assets.serve(hash, "public-sans.woff2", "gzip")?.headers.get("content-encoding")).toBeNull();
});

it("serves its own files alone, each with its type", async () => {
  const assets = await openAssets();
  for (const name of ["../server.ts", "constructor", "", "chuanda.css/"])
    expect(assets.serve(hash, name, null)).toBeNull();
  for (const name of readdirSync("src/web/assets")) {
    expect(assets.serve(hash, name, null)?.headers.get("content-type"), name).toBeTruthy();
  }
});

it("names in the style only what lies beside it", () => {
  const style = readFileSync("src/web/assets/chuanda.css", "utf8");
  const files = readdirSync("src/web/assets");
  const named = [...style.matchAll(/url\(([^)#]+)\)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(files).toContain(name);
});

it("keeps the scripts short enough to read", () => {
  for (const name of ["live.js", "forms.js"]) {
    expect(readFileSync(`src/web/assets/${name}`, "utf8").split("\n").length).toBeLessThan(120);
  }
});
