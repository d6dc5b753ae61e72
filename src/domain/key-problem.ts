/** Why a key of the installation cannot be used. `part` counts the keys of a SECRET_KEY from 1. */
export type KeyProblem =
  | { readonly kind: "not-base64" | "same-twice"; readonly part: number }
  | { readonly kind: "wrong-length"; readonly part: number; readonly bytes: number }
  | { readonly kind: "no-private-key" | "not-ed25519" };
