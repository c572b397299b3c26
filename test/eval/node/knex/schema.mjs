// A forum.
import knex from 'knex'
import { target } from '../traffic.mjs'

const { postgres, pool, ...connection } = target()
const { host, port, user, password, database } = connection
export const onPostgres = postgres
export const db = knex({
  client: postgres ? 'pg' : 'mysql2',
  connection: { host, port, user, password, database },
  pool: { min: 2, max: pool },
})

export async function createTables() {
  const make = (name, columns) =>
    db.schema.createTable(name, (table) => {
      table.increments('id')
      columns(table)
      table.timestamp('created_at').defaultTo(db.fn.now())
    })
  await make('members', (t) => {
    t.string('email', 120).notNullable()
    t.string('display_name', 80)
    t.string('password_hash', 80)
  })
  await make('topics', (t) => {
    t.integer('forum_id').notNullable()
    t.string('slug', 80).notNullable()
    t.string('title', 120)
    t.unique(['forum_id', 'slug'])
  })
  await make('tags', (t) => t.string('name', 60).notNullable())
  await make('topic_tags', (t) => {
    t.integer('topic_id').notNullable()
    t.integer('tag_id').notNullable()
  })
  await make('subscriptions', (t) => {
    t.integer('member_id').notNullable()
    t.integer('topic_id')
    t.unique(['member_id', 'topic_id'])
  })
  await make('drafts', (t) => {
    t.integer('member_id').notNullable()
    t.integer('topic_id').notNullable()
    t.text('body')
    t.timestamp('discarded_at').nullable()
  })
  await make('profiles', (t) => {
    t.string('handle', 40).notNullable()
    t.integer('member_id')
  })
  await make('reactions', (t) => {
    t.integer('post_id').notNullable()
    t.integer('member_id').notNullable()
    t.string('kind', 20).notNullable()
    t.integer('weight')
    t.unique(['post_id', 'member_id'])
  })
  await make('badges', (t) => {
    t.integer('member_id').notNullable()
    t.string('badge', 40).notNullable()
    t.unique(['member_id', 'badge'])
  })
  await make('poll_votes', (t) => {
    t.integer('poll_id').notNullable()
    t.integer('member_id').notNullable()
    t.string('choice', 20)
  })
  await make('read_markers', (t) => {
    t.integer('member_id').notNullable()
    t.integer('topic_id').notNullable()
    t.integer('last_post_id')
  })
  await make('posts', (t) => {
    t.integer('topic_id').notNullable()
    t.integer('member_id').notNullable()
    t.text('body')
  })
  await make('outbox', (t) => {
    t.string('kind', 40)
    t.text('payload')
    t.timestamp('sent_at').nullable()
  })
  await make('bans', (t) => {
    t.integer('member_id').notNullable()
    t.string('reason', 80)
  })
  await make('password_resets', (t) => {
    t.integer('member_id')
    t.string('token', 64)
  })
  await make('watch_words', (t) => {
    t.integer('forum_id')
    t.string('word', 40)
  })
  await make('login_events', (t) => {
    t.integer('member_id')
    t.string('address', 60)
  })
  await make('page_cache', (t) => {
    t.string('path', 80)
    t.text('html')
  })
}
