// Short links and who follows them, with Drizzle: UUIDs as keys.
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { target } from '../traffic.mjs'

const { url, pool: max } = target()
const pool = new pg.Pool({ connectionString: url, max })
export const db = drizzle(pool)
export const close = () => pool.end()

const id = () => uuid('id').primaryKey().default(sql`gen_random_uuid()`)
const at = (name) => timestamp(name)

export const workspace = pgTable('workspace', { id: id(), slug: text('slug').notNull().unique(), title: text('title') })
export const link = pgTable('link', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  target: text('target_url'),
  title: text('title'),
  archivedAt: at('archived_at'),
})
export const domain = pgTable('domain', { id: id(), hostname: text('hostname'), workspaceId: uuid('workspace_id') })
export const visitor = pgTable('visitor', { id: id(), fingerprint: text('fingerprint') })
export const daily = pgTable(
  'daily_click',
  { linkId: uuid('link_id'), day: text('day'), clicks: integer('clicks') },
  (t) => [unique().on(t.linkId, t.day)],
)
export const folder = pgTable('folder', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  parentId: uuid('parent_id'),
  name: text('name'),
})
export const member = pgTable('member', { id: id(), workspaceId: uuid('workspace_id'), email: text('email') })
export const campaign = pgTable('campaign', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  source: text('utm_source'),
  medium: text('utm_medium'),
})
export const alias = pgTable('alias', { id: id(), code: text('code').notNull().unique(), linkId: uuid('link_id') })

export const click = pgTable('click', {
  id: id(),
  linkId: uuid('link_id'),
  visitorId: uuid('visitor_id'),
  referrer: text('referrer'),
})
export const comment = pgTable('link_comment', { id: id(), linkId: uuid('link_id'), body: text('body') })
export const signIn = pgTable('sign_in_code', { id: id(), code: text('code'), email: text('email') })
export const rule = pgTable('redirect_rule', { id: id(), linkId: uuid('link_id'), country: text('country') })
export const webhook = pgTable('webhook_delivery', { id: id(), state: text('state'), payload: text('payload') })
export const blocked = pgTable('blocked_host', { id: id(), hostname: text('hostname') })
