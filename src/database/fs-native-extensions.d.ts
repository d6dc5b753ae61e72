declare module "fs-native-extensions" {
  /** False when somebody else holds the lock. */
  export function tryLock(file: number): boolean;
  export function unlock(file: number): void;
}
