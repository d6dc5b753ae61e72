import type { BackupFiles } from "../ports/backup.ts";

/** What reads and writes archives is loaded when there is one. */
export const backupFiles: BackupFiles = {
  write: async (...asked) => (await import("./write-backup.ts")).writeBackup(...asked),
  read: async (...asked) => (await import("./read-backup.ts")).readBackup(...asked),
};
