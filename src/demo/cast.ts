/** One of the three whom the newcomer plays. */
export interface Role {
  readonly role: "official" | "principal" | "worker";
  readonly name: string;
  readonly unitCode: string;
  readonly unitName: string;
  /** Their web chat. */
  readonly chat: string;
  /** The path under which the page acts as them. */
  readonly base: string;
}
