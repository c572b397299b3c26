// Everything here is a get-or-create.
import { db, onPostgres } from './schema.mjs'

export async function join(email, name) {
  const known = await db('members').whereRaw('lower(email) = ?', [email.toLowerCase()]).first()
  if (known) return known.id
  return (
    await db('members').insert({ email: email.toLowerCase(), display_name: name }, onPostgres ? ['id'] : undefined)
  )[0]
}

/** A loser of the race reads the winner's row. */
export async function openTopic(forumId, slug, title) {
  const key = { forum_id: forumId, slug }
  const found = await db('topics').where(key).first('id', 'title')
  if (found) return found
  try {
    await db('topics').insert({ ...key, title })
  } catch {
    // Somebody else was faster.
  }
  return db('topics').where(key).first('id', 'title')
}

export async function tagTopic(topicId, name) {
  let tag = await db('tags').select('id').where('name', name).first()
  if (!tag) {
    await db('tags').insert({ name })
    tag = await db('tags').select('id').where('name', name).first()
  }
  const link = { topic_id: topicId, tag_id: tag.id }
  if (!(await db('topic_tags').where(link).first())) await db('topic_tags').insert(link)
}

/** Without a topic: to everything. */
export async function subscribe(memberId, topicId) {
  const found = await db('subscriptions').where({ member_id: memberId, topic_id: topicId }).first()
  if (!found) await db('subscriptions').insert({ member_id: memberId, topic_id: topicId })
}

export async function saveDraft(memberId, topicId, body) {
  const open = await db('drafts')
    .where({ member_id: memberId, topic_id: topicId })
    .whereNull('discarded_at')
    .orderBy('id', 'desc')
    .first()
  if (open) await db('drafts').where('id', open.id).update({ body })
  else await db('drafts').insert({ member_id: memberId, topic_id: topicId, body })
}

export async function takeHandle(handle, memberId) {
  const [{ taken }] = await db('profiles').where({ handle }).count({ taken: '*' })
  if (Number(taken) > 0) return false
  await db('profiles').insert({ handle, member_id: memberId })
  return true
}

export async function react(postId, memberId, kind) {
  const row = { post_id: postId, member_id: memberId, kind, weight: 1 }
  await db('reactions').insert(row).onConflict(['post_id', 'member_id']).merge(['kind'])
}

export async function award(memberId, badge) {
  try {
    await db('badges').insert({ member_id: memberId, badge })
  } catch {
    await db('badges').where({ member_id: memberId, badge }).first()
  }
}

export async function vote(pollId, memberId, choice) {
  await db.raw(
    `insert into poll_votes (poll_id, member_id, choice)
     select ?, ?, ? where not exists (select 1 from poll_votes where poll_id = ? and member_id = ?)`,
    [pollId, memberId, choice, pollId, memberId],
  )
}

export function markRead(memberId, topicId, postId) {
  return db.transaction(async (trx) => {
    const key = { member_id: memberId, topic_id: topicId }
    const marker = await trx('read_markers').where(key).forUpdate().first()
    if (marker) await trx('read_markers').where('id', marker.id).update({ last_post_id: postId })
    else await trx('read_markers').insert({ ...key, last_post_id: postId })
  })
}
