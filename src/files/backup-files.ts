import type { BackupFiles } from "../ports/backup.ts";
import { readBackup } from "./read-backup.ts";
import { writeBackup } from "./write-backup.ts";

export const backupFiles: BackupFiles = { write: writeBackup, read: readBackup };
