import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const works = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;

/** A disk of so many megabytes, empty; null where this machine lets nobody mount one. */
export const smallDisk = (megabytes: number): { readonly folder: string; remove(): void } | null => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-disk-"));
  if (!works("mount", "-t", "tmpfs", "-o", `size=${megabytes}m,mode=1777`, "tmpfs", folder)) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    remove: () => {
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Writes to the disk of a folder until it is full; returns what makes room again. */
export const fillDisk = (folder: string): (() => void) => {
  const file = join(folder, "ballast");
  const out = openSync(file, "w");
  for (let size = 1 << 20; size >= 1; ) {
    try {
      writeSync(out, Buffer.alloc(size));
    } catch {
      size >>= 1;
    }
  }
  closeSync(out);
  return () => unlinkSync(file);
};

/** Whether calls to the kernel can be delayed and failed here. */
export const canTrace = (): boolean => works("strace", "-qq", "-o", "/dev/null", "true");

const FAKETIME = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((arch) => `/usr/lib/${arch}/faketime/libfaketime.so.1`);

/** What shows a program another time, which stands in a file and may change; null where libfaketime is not installed. */
export const fakeTime = (file: string): Readonly<Record<string, string>> | null => {
  const library = FAKETIME.find((path) => existsSync(path));
  return library
    ? {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_RESET: "1",
      }
    : null;
};

/** Debian's packages, where we may install them. */
export const installInjection = (): void => {
  if (process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "strace", "libfaketime"], {
    env,
    stdio: "ignore",
  });
};

/** An empty disk on which nothing may be written; null where this machine lets nobody mount one. */
export const readOnlyDisk = (): ReturnType<typeof smallDisk> => {
  const disk = smallDisk(1);
  if (disk && !works("mount", "-o", "remount,ro", disk.folder)) {
    disk.remove();
    return null;
  }
  return disk;
};
