import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const { "": _root, ...packages }: Readonly<Record<string, Locked>> = read("package-lock.json").packages;
const nameOf = (path: string): string => path.split("node_modules/").at(-1) ?? path;
const locked = Object.entries(packages).map(([path, entry]) => ({ path, name: nameOf(path), ...entry }));
/** What the image holds: `npm prune --omit=dev --omit=optional` leaves these. */
const shipped = locked.filter(({ dev, optional, devOptional }) => !dev && !optional && !devOptional);

const run = promisify(execFile);
const tool = (name: string, ...args: readonly string[]) =>
  run(`node_modules/.bin/${name}`, args, { maxBuffer: 32 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
const lint = (file: string) =>
  tool(
    "lockfile-lint",
    ...["--path", file, "--type", "npm", "--allowed-hosts", "npm"],
    ...["--validate-https", "--validate-package-names", "--validate-integrity"],
  );

describe("the packages that are installed", () => {
  it("run no script of theirs: each that has one is named and refused, and nothing else is named", () => {
    const { allowScripts } = read("package.json");
    const scripted = new Set(locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name));
    expect(allowScripts).toEqual(Object.fromEntries([...scripted].map((name) => [name, false])));
    expect(readFileSync(".npmrc", "utf8")).toMatch(/^strict-allow-scripts=true$/m);
  });

  it("come from the registry, each as it was when it was locked", async () => {
    expect(await lint("package-lock.json")).toMatchObject({ code: 0 });
    const folder = mkdtempSync(join(tmpdir(), "chuanda-lock-"));
    try {
      const changed = read("package-lock.json");
      changed.packages["node_modules/zod"].resolved = "https://registry.example/zod.tgz";
      writeFileSync(join(folder, "package-lock.json"), JSON.stringify(changed));
      const { code, said } = await lint(join(folder, "package-lock.json"));
      expect(code).toBe(1);
      expect(said).toMatch(/zod.*\n.*registry\.npmjs\.org\n.*registry\.example/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    // The registry that the lock file was written against carries no binaries of other systems, so these have no hash.
    const unproven = locked.filter(({ integrity }) => !integrity?.startsWith("sha512-"));
    expect(unproven.filter(({ optional, os }) => !optional || !os)).toEqual([]);
    expect(shipped.filter(({ integrity }) => !integrity)).toEqual([]);
  });

  it("are locked for every system: npm ci refuses a lock file in which one is missing", () => {
    const known = new Set(locked.map(({ name }) => name));
    const wanted = locked.flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
    expect(wanted.filter((name) => !known.has(name))).toEqual([]);
  });

  /** Packages that name their licence in its own file alone; which it is was read there. */
  const inFile = new Map([["node_modules/png-js", /^MIT License/]]);

  it("may be passed on with the service under their licences", () => {
    const allowed = new Set(["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD"]);
    expect(shipped.length).toBeGreaterThan(100);
    const unclear = shipped.filter(({ license }) => !allowed.has(license ?? "")).map(({ path }) => path);
    expect(unclear).toEqual([...inFile.keys()]);
    for (const [path, text] of inFile) expect(readFileSync(`${path}/LICENSE`, "utf8")).toMatch(text);
  });

  it("are all in the bill of materials, each with its licence and hash", async () => {
    const { stdout } = await run("npm", ["run", "-s", "sbom"], { maxBuffer: 32 * 1024 * 1024 });
    const bill = JSON.parse(stdout);
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.5" });
    const address = (name: string, version: string) => `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const listed = new Map<string, Record<string, unknown>>();
    for (const component of bill.components) listed.set(component.purl, component);
    expect([...listed.keys()].sort()).toEqual(
      [...new Set(locked.map(({ name, version }) => address(name, version)))].sort(),
    );
    for (const { name, version, path } of shipped)
      expect(listed.get(address(name, version)), name).toMatchObject({
        ...(inFile.has(path) ? {} : { licenses: [expect.anything()] }),
        hashes: [{ alg: "SHA-512" }],
      });
  }, 60_000);

  it("are all used, and so is everything that a file exports", async () => {
    expect(await tool("knip", "--no-progress", "--treat-config-hints-as-errors")).toMatchObject({ code: 0, said: "" });
  }, 60_000);
});
