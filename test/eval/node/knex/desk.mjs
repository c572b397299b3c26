// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import { db, onPostgres } from './schema.mjs'

/** The whole thread is shown, then the reader answers. */
export async function reply(topicId, memberId, body) {
  const thread = await db('posts').where({ topic_id: topicId }).orderBy('id')
  const [first] = await db('posts').insert(
    { topic_id: topicId, member_id: memberId, body },
    onPostgres ? ['id'] : undefined,
  )
  const id = onPostgres ? first.id : first
  await db('posts').where({ id }).first()
  return thread.length
}

export async function page(path) {
  const cached = await db('page_cache').where({ path }).first()
  return cached?.html ?? `<h1>${path}</h1>`
}

export async function publishPage(path) {
  await db('page_cache').where({ path }).del()
  await db('page_cache').insert({ path, html: `<h1>${path}</h1>` })
}

export async function sendMails() {
  const waiting = await db('outbox').whereNull('sent_at').orderBy('id').limit(3)
  for (const { id } of waiting) await db('outbox').where({ id }).update({ sent_at: new Date() })
}

export const notify = (kind, memberId) => db('outbox').insert({ kind, payload: JSON.stringify({ memberId }) })

export const isBanned = async (memberId) => (await db('bans').where('member_id', memberId).first('id')) !== undefined

export const ban = (memberId, reason) => db('bans').insert({ member_id: memberId, reason })

export async function forgotPassword(memberId) {
  const token = randomBytes(16).toString('hex')
  await db('password_resets').insert({ member_id: memberId, token })
  return token
}

export async function resetPassword(token) {
  const found = await db('password_resets').where({ token }).first()
  if (!found) return
  await db('members')
    .where('id', found.member_id)
    .update({ password_hash: randomBytes(8).toString('hex') })
  await db('password_resets').where({ token }).del()
}

export async function replaceWatchWords(forumId, words) {
  await db.transaction(async (trx) => {
    await trx('watch_words').where({ forum_id: forumId }).del()
    await trx('watch_words').insert(words.map((word) => ({ forum_id: forumId, word })))
  })
}

export async function login(email, address) {
  const member = await db('members').where({ email }).first('id', 'password_hash')
  if (member) await db('login_events').insert({ member_id: member.id, address })
}

export const recentLogins = (memberId) =>
  db('login_events').where('member_id', memberId).orderBy('id', 'desc').limit(10)

export const mostActive = (forumId) =>
  db('posts')
    .join('topics', 'topics.id', 'posts.topic_id')
    .join('members', 'members.id', 'posts.member_id')
    .where('topics.forum_id', forumId)
    .groupBy('members.id', 'members.display_name')
    .orderBy('count', 'desc')
    .limit(5)
    .select('members.display_name')
    .count({ count: '*' })
