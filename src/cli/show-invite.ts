import { extname } from "node:path";
import { officeWords } from "../dialogue/forms/office-words.ts";
import { onDay, type Phrase, phrase } from "../dialogue/phrase.ts";
import type { EnrolmentId, InvitationId } from "../domain/ids.ts";
import { spacedCode } from "../domain/invitation-code.ts";
import { type Post, parsePost, postText } from "../domain/post.ts";
import type { JoinPage } from "../ports/printer.ts";
import { type Invitation, invite, revokeInvitation, sayWord } from "../services/invite.ts";
import type { InviteInvocation } from "./invocation.ts";
import type { Station } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

type Office = Pick<Post, "post" | "deputy">;
type Deed = (tools: Toolbox, asked: InviteInvocation, station: Station) => Promise<number>;
/** Hands out what was made. */
type Hand = (
  tools: Toolbox,
  made: readonly Invitation[],
  office: Office,
  asked: InviteInvocation,
  station: Station,
) => Promise<void>;

const refuse = (station: Station, words: Phrase): number => {
  station.err(station.say(words));
  return 1;
};

const document = (one: Invitation, office: Office, { uses }: InviteInvocation) => ({
  ...{ id: String(one.id), unit: one.unit, unitName: one.unitName, post: postText(office), code: spacedCode(one.code) },
  ...{ uses, expiresAt: one.expiresAt, needsApproval: one.privileged, links: one.links },
});

const pageOf = (one: Invitation, office: Office, { phone, uses }: InviteInvocation, { say }: Station): JoinPage => ({
  unit: one.unitName,
  lead: say(phrase("invite.sheet.lead", { post: officeWords(office) })),
  link: one.links[0]?.url ?? "",
  code: spacedCode(one.code),
  steps: [phrase("invite.sheet.scan"), phrase("invite.sheet.answer"), phrase("invite.sheet.done")].map(say),
  notes: [
    phrase("invite.sheet.until", { until: onDay(one.expiresAt), count: uses }),
    phone === null ? phrase("invite.sheet.phone") : phrase("invite.sheet.phone-number", { phone }),
  ].map(say),
});

/** The file that was asked for: a page a unit, or the square alone. */
const writeFile: Hand = async ({ printer }, made, office, asked, station) => {
  const kind = extname(asked.out ?? "").toLowerCase();
  if (kind === ".pdf") {
    const [title = "", language = ""] = [phrase("invite.sheet.title"), phrase("app.language")].map(station.say);
    const pages = made.map((one) => pageOf(one, office, asked, station));
    for await (const bytes of printer.joinSheet(title, language, pages)) await station.write(bytes);
    return;
  }
  const link = made[0]?.links[0]?.url ?? "";
  await station.write(await printer.qrPicture(kind === ".png" ? "png" : "svg", link));
};

const print = (made: readonly Invitation[], office: Office, asked: InviteInvocation, station: Station): void => {
  const documents = made.map((one) => document(one, office, asked));
  station.out(JSON.stringify(documents.length === 1 ? documents[0] : { invitations: documents }));
};

const tell: Hand = async ({ printer }, made, office, asked, station) => {
  for (const one of made) {
    const about = { id: String(one.id), unit: one.unitName, post: officeWords(office), code: spacedCode(one.code) };
    station.out(station.say(phrase("invite.made", about)));
    for (const { url } of one.links) station.out(`  ${url}`);
  }
  const [only] = made.length === 1 ? made : [];
  if (only) for (const line of await printer.qrLines(only.links[0]?.url ?? "")) station.out(line);
  station.err(
    station.say(phrase("invite.note", { until: onDay(made[0]?.expiresAt ?? new Date(0)), count: asked.uses })),
  );
  if (asked.out !== null) station.out(station.say(phrase("invite.written", { file: asked.out })));
};

/** A link to this machine is of no use on a phone. */
const LOCAL = /^https?:\/\/(localhost|127\.|\[::1\])/;

const make: Deed = async (tools, asked, station) => {
  const office = parsePost(asked.post ?? "");
  if (!office) return refuse(station, phrase("cli.unknown-post", { post: asked.post ?? "" }));
  const { units, uses, lastsMs } = asked;
  const made = await invite(tools.inviting, { units, ...office, uses, lastsMs, address: tools.address });
  if ("unknown" in made) return refuse(station, phrase("cli.unknown-unit", { code: made.unknown }));
  if ("closed" in made) return refuse(station, phrase("invite.closed", { code: made.closed }));
  if (asked.out !== null) await writeFile(tools, made, office, asked, station);
  if (asked.json) print(made, office, asked, station);
  else await tell(tools, made, office, asked, station);
  if (!asked.json && made.some(({ privileged }) => privileged)) station.err(station.say(phrase("invite.privileged")));
  if (made.some(({ links }) => LOCAL.test(links[0]?.url ?? ""))) station.err(station.say(phrase("invite.local")));
  return 0;
};

const list: Deed = async ({ inviting }, asked, station) => {
  const found = await inviting.invitations.list(asked.units[0] ?? null, inviting.clock.real());
  if (asked.json) {
    const documents = found.map(({ id, post, deputy, ...one }) => ({
      id: String(id),
      post: postText({ post, deputy }),
      ...one,
    }));
    station.out(JSON.stringify({ invitations: documents }));
    return 0;
  }
  if (found.length === 0) station.out(station.say(phrase("invite.none")));
  for (const { id, unitName, uses, used, expiresAt, ...office } of found) {
    const about = { id: String(id), unit: unitName, post: officeWords(office), uses, used, until: onDay(expiresAt) };
    station.out(station.say(phrase("invite.listed", about)));
  }
  return 0;
};

const waiting: Deed = async ({ inviting }, asked, station) => {
  const found = await inviting.enrolments.waiting();
  if (asked.json) {
    station.out(JSON.stringify({ waiting: found.map(({ id, ...one }) => ({ id: String(id), ...one })) }));
    return 0;
  }
  if (found.length === 0) station.out(station.say(phrase("invite.nobody-waits")));
  for (const { id, name, unitName, post, at } of found) {
    const office = parsePost(post) ?? { post: "worker", deputy: false };
    const about = { id: String(id), name, unit: unitName, post: officeWords(office), at: onDay(at) };
    station.out(station.say(phrase("invite.waits", about)));
  }
  return 0;
};

const revoke: Deed = async ({ inviting }, { number, json }, station) => {
  const done = await revokeInvitation(inviting, BigInt(number ?? 0) as InvitationId);
  if (!done) return refuse(station, phrase("invite.unknown", { id: number ?? "" }));
  station.out(json ? JSON.stringify({ revoked: number }) : station.say(phrase("invite.revoked", { id: number ?? "" })));
  return 0;
};

const word =
  (said: "approve" | "refuse"): Deed =>
  async ({ inviting }, { number, json }, station) => {
    const id = number ?? "";
    if (!(await sayWord(inviting, BigInt(id || 0) as EnrolmentId, said)))
      return refuse(station, phrase("invite.not-waiting", { id }));
    station.out(json ? JSON.stringify({ id, word: said }) : station.say(phrase(`invite.said.${said}`, { id })));
    return 0;
  };

const DEEDS: Readonly<Record<InviteInvocation["deed"], Deed>> = {
  ...{ make, list, waiting, revoke },
  approve: word("approve"),
  refuse: word("refuse"),
};

/** `chuanda invite`: codes that let people in, and what becomes of them. */
export const showInvite: Deed = (tools, asked, station) => DEEDS[asked.deed](tools, asked, station);
