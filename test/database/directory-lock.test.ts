import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDirectory } from "../../src/database/directory-lock.ts";

let folder = "";
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "chuanda-lock-")), "data");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** Another process that tries for the lock, says whether it has it, and then stays. */
const contender = async (): Promise<{ readonly has: boolean; kill(): Promise<void> }> => {
  const file = new URL("../../src/database/directory-lock.ts", import.meta.url).href;
  const code = `import { lockDirectory } from "${file}";
    console.log(lockDirectory(${JSON.stringify(folder)}) !== null); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  const kill = async () => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return { has: String(line).trim() === "true", kill };
};

it("makes the directory for its owner alone", () => {
  lockDirectory(folder)?.release();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it("refuses a second holder in the same process until the first lets go", () => {
  const first = lockDirectory(folder);
  expect(first).not.toBeNull();
  expect(lockDirectory(folder)).toBeNull();
  first?.release();
  first?.release();
  const second = lockDirectory(folder);
  expect(second).not.toBeNull();
  second?.release();
});

it("refuses another process, and is free at once when the holder is killed", async () => {
  const holder = await contender();
  expect(holder.has).toBe(true);
  expect(lockDirectory(folder)).toBeNull();
  expect((await contender()).has).toBe(false);
  await holder.kill();
  const mine = lockDirectory(folder);
  expect(mine).not.toBeNull();
  expect((await contender()).has).toBe(false);
  mine?.release();
});
