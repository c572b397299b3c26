// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import { and, desc, eq } from 'drizzle-orm'
import { db, tables } from './schema.mjs'

const { alias, blocked, click, comment, link, rule, signIn, webhook, workspace } = tables

/** The hot path: by its code, and the click is recorded. */
export async function follow(code, visitorId, referrer) {
  const [found] = await db.select().from(alias).where(eq(alias.code, code)).limit(1)
  if (found) await db.insert(click).values({ linkId: found.linkId, visitorId, referrer })
}

export const recentClicks = (linkId) =>
  db.select().from(click).where(eq(click.linkId, linkId)).orderBy(desc(click.id)).limit(20)

export async function discuss(linkId, body) {
  await db.select().from(comment).where(eq(comment.linkId, linkId))
  await db.insert(comment).values({ linkId, body })
}

export async function sendCode(email) {
  const code = randomBytes(5).toString('hex')
  await db.insert(signIn).values({ code, email })
  return code
}

export const useCode = (code) =>
  db.transaction(async (tx) => {
    const [found] = await tx.select().from(signIn).where(eq(signIn.code, code)).limit(1)
    if (found) await tx.delete(signIn).where(eq(signIn.id, found.id))
  })

export const replaceRules = (linkId, countries) =>
  db.transaction(async (tx) => {
    await tx.delete(rule).where(eq(rule.linkId, linkId))
    await tx.insert(rule).values(countries.map((country) => ({ linkId, country })))
  })

export async function deliver() {
  const [next] = await db
    .select()
    .from(webhook)
    .where(eq(webhook.state, 'waiting'))
    .limit(1)
    .for('update', { skipLocked: true })
  if (next) await db.update(webhook).set({ state: 'done' }).where(eq(webhook.id, next.id))
}

export const enqueue = (payload) => db.insert(webhook).values({ state: 'waiting', payload })

export const isBlocked = (hostname) => db.select().from(blocked).where(eq(blocked.hostname, hostname)).limit(1)

export const block = (hostname) => db.insert(blocked).values({ hostname })

export const mostFollowed = (slug) =>
  db
    .select({ target: link.target })
    .from(link)
    .innerJoin(workspace, eq(workspace.id, link.workspaceId))
    .leftJoin(click, eq(click.linkId, link.id))
    .where(and(eq(workspace.slug, slug)))
    .limit(10)
