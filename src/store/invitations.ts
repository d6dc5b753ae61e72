import type { InvitationId } from "../domain/ids.ts";
import { isPrivileged, type PostName, postText } from "../domain/post.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { AddedInvitation, InvitationStore, NewInvitation } from "../ports/store/invitation-store.ts";
import type { Db } from "./client.ts";
import { tellLedger } from "./event-work.ts";
import { Prisma } from "./generated/client.ts";
import { isLive } from "./invitation-rows.ts";
import { RolledBack } from "./rolled-back.ts";

type Tx = Prisma.TransactionClient;
type Times = Parameters<InvitationStore["add"]>[1];
type Refused = { readonly unknown: string } | { readonly closed: string };

const addOne = async (
  tx: Tx,
  entryBytes: EntryBytes,
  { unit: code, post, deputy, codeHash, uses, expiresAt }: NewInvitation,
  { now, real }: Times,
): Promise<AddedInvitation> => {
  const unit = await tx.unit.findUnique({ where: { code } });
  if (!unit) throw new RolledBack<Refused>({ unknown: code });
  if (unit.status === "closed") throw new RolledBack<Refused>({ closed: code });
  const { id } = await tx.invitation.create({
    data: { codeHash: new Uint8Array(codeHash), unitId: unit.id, post, deputy, uses, createdAt: real, expiresAt },
  });
  const subject = { invitation: String(id), unit: code, post: postText({ post, deputy }), uses: String(uses) };
  await tellLedger(tx, entryBytes, [
    { kind: "invited", at: now, actor: "operator", subject, contentHash: null, how: "command" },
  ]);
  const privileged = isPrivileged({ post }, unit.rgt - unit.lft > 1);
  return { id: id as InvitationId, unit: code, unitName: unit.name, privileged };
};

const botKey = (platform: string): string => `bot-name ${platform}`;

const bots = (db: Db): Pick<InvitationStore, "botName" | "keepBotName"> => ({
  async botName(platform) {
    return (await db.setting.findUnique({ where: { key: botKey(platform) } }))?.value ?? null;
  },

  async keepBotName(platform, name) {
    const key = botKey(platform);
    await db.setting.upsert({ where: { key }, create: { key, value: name }, update: { value: name } });
  },
});

const revoking =
  (db: Db, entryBytes: EntryBytes): InvitationStore["revoke"] =>
  (id, { now, real }) =>
    db.$transaction(async (tx) => {
      const [row] = await tx.$queryRaw<{ unit: string; post: string; deputy: boolean }[]>`
        UPDATE "invitation" i SET "revoked_at" = ${real}::timestamptz FROM "unit" u
        WHERE i."id" = ${id} AND u."id" = i."unit_id" AND ${isLive(real)}
        RETURNING u."code" AS "unit", i."post", i."deputy"`;
      if (!row) return false;
      const subject = {
        invitation: String(id),
        unit: row.unit,
        post: postText({ ...row, post: row.post as PostName }),
      };
      const told = { actor: "operator", contentHash: null, how: "command" } as const;
      await tellLedger(tx, entryBytes, [{ kind: "invitation-revoked", at: now, subject, ...told }]);
      return true;
    });

export const invitationStore = (db: Db, entryBytes: EntryBytes): InvitationStore => ({
  ...bots(db),
  revoke: revoking(db, entryBytes),

  add: (invitations, times) =>
    db
      .$transaction(async (tx) => {
        const added: AddedInvitation[] = [];
        for (const one of invitations) added.push(await addOne(tx, entryBytes, one, times));
        return added;
      })
      .catch((error) => {
        if (error instanceof RolledBack) return error.result as Refused;
        throw error;
      }),

  async list(unit, real) {
    const only = unit === null ? Prisma.empty : Prisma.sql`AND u."code" = ${unit}`;
    const rows = await db.$queryRaw<
      {
        id: bigint;
        unit: string;
        name: string;
        post: string;
        deputy: boolean;
        uses: number;
        used: number;
        until: Date;
      }[]
    >`
      SELECT i."id", u."code" AS "unit", u."name", i."post", i."deputy", i."uses", i."used", i."expires_at" AS "until"
      FROM "invitation" i JOIN "unit" u ON u."id" = i."unit_id" WHERE ${isLive(real)} ${only} ORDER BY i."id"`;
    return rows.map(({ id, name, post, until, ...row }) => ({
      ...row,
      id: id as InvitationId,
      unitName: name,
      post: post as PostName,
      expiresAt: until,
    }));
  },
});
