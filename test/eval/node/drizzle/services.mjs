// Everything here is a get-or-create.
import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { db, onPostgres, tables } from './schema.mjs'

const { alias, campaign, daily, domain, folder, link, member, visitor, workspace } = tables

/** A loser of the race reads the winner's row. */
export async function openWorkspace(slug, title) {
  const found = await db.select().from(workspace).where(eq(workspace.slug, slug)).limit(1)
  if (found.length > 0) return found[0]
  try {
    await db.insert(workspace).values({ slug, title })
  } catch {
    // Somebody else was faster.
  }
  const [row] = await db.select().from(workspace).where(eq(workspace.slug, slug)).limit(1)
  return row
}

/** Archived links don't count. */
export async function shorten(workspaceId, target, title) {
  const same = and(eq(link.workspaceId, workspaceId), eq(link.target, target), isNull(link.archivedAt))
  const [found] = await db.select({ id: link.id }).from(link).where(same).limit(1)
  if (!found) await db.insert(link).values({ workspaceId, target, title })
}

export async function claimDomain(hostname, workspaceId) {
  const [{ taken }] = await db.select({ taken: count() }).from(domain).where(eq(domain.hostname, hostname))
  if (Number(taken) === 0) await db.insert(domain).values({ hostname, workspaceId })
}

export const seen = (fingerprint) =>
  db.transaction(async (tx) => {
    const [found] = await tx.select().from(visitor).where(eq(visitor.fingerprint, fingerprint))
    if (!found) await tx.insert(visitor).values({ fingerprint })
  })

export async function countClick(linkId, day) {
  const more = { clicks: sql`${daily.clicks} + 1` }
  const insert = db.insert(daily).values({ linkId, day, clicks: 1 })
  if (onPostgres) await insert.onConflictDoUpdate({ target: [daily.linkId, daily.day], set: more })
  else await insert.onDuplicateKeyUpdate({ set: more })
}

/** Folders stand in a tree, whose roots have no parent. */
export async function makeFolder(workspaceId, parentId, name) {
  const parent = parentId === null ? isNull(folder.parentId) : eq(folder.parentId, parentId)
  const same = and(eq(folder.workspaceId, workspaceId), parent, eq(folder.name, name))
  const [found] = await db.select().from(folder).where(same).limit(1)
  if (!found) await db.insert(folder).values({ workspaceId, parentId, name })
}

/** Addresses are compared without case. */
export async function addMember(workspaceId, email) {
  const same = and(eq(member.workspaceId, workspaceId), sql`lower(${member.email}) = lower(${email})`)
  const [found] = await db.select().from(member).where(same).limit(1)
  if (!found) await db.insert(member).values({ workspaceId, email })
}

/** What is missing of several at once. */
export async function campaigns(workspaceId, source, media) {
  const known = await db
    .select({ medium: campaign.medium })
    .from(campaign)
    .where(and(eq(campaign.workspaceId, workspaceId), eq(campaign.source, source), inArray(campaign.medium, media)))
  const missing = media.filter((medium) => !known.some((each) => each.medium === medium))
  if (missing.length > 0) await db.insert(campaign).values(missing.map((medium) => ({ workspaceId, source, medium })))
}

/** Inserts what isn't there, and reads what then is. */
export async function nameLink(code, linkId) {
  const insert = db.insert(alias).values({ code, linkId })
  if (onPostgres) await insert.onConflictDoNothing({ target: alias.code })
  else await insert.onDuplicateKeyUpdate({ set: { code: sql`code` } })
  await db.select().from(alias).where(eq(alias.code, code))
}
