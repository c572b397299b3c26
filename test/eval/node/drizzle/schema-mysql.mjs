// The same for MySQL, where the client makes the UUIDs.
import { randomUUID } from 'node:crypto'
import { char, int, mysqlTable, timestamp, unique, varchar } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import mysql from 'mysql2/promise'
import { target } from '../traffic.mjs'

const { url, pool: connectionLimit } = target()
const pool = mysql.createPool({ uri: url, connectionLimit })
export const db = drizzle(pool)
export const close = () => pool.end()

const uuid = (name) => char(name, { length: 36 })
const id = () =>
  uuid('id')
    .primaryKey()
    .$defaultFn(() => randomUUID())
const text = (name) => varchar(name, { length: 120 })
const integer = int
const at = (name) => timestamp(name)

export const workspace = mysqlTable('workspace', {
  id: id(),
  slug: text('slug').notNull().unique(),
  title: text('title'),
})
export const link = mysqlTable('link', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  target: text('target_url'),
  title: text('title'),
  archivedAt: at('archived_at'),
})
export const domain = mysqlTable('domain', { id: id(), hostname: text('hostname'), workspaceId: uuid('workspace_id') })
export const visitor = mysqlTable('visitor', { id: id(), fingerprint: text('fingerprint') })
export const daily = mysqlTable(
  'daily_click',
  { linkId: uuid('link_id'), day: text('day'), clicks: integer('clicks') },
  (t) => [unique().on(t.linkId, t.day)],
)
export const folder = mysqlTable('folder', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  parentId: uuid('parent_id'),
  name: text('name'),
})
export const member = mysqlTable('member', { id: id(), workspaceId: uuid('workspace_id'), email: text('email') })
export const campaign = mysqlTable('campaign', {
  id: id(),
  workspaceId: uuid('workspace_id'),
  source: text('utm_source'),
  medium: text('utm_medium'),
})
export const alias = mysqlTable('alias', { id: id(), code: text('code').notNull().unique(), linkId: uuid('link_id') })

export const click = mysqlTable('click', {
  id: id(),
  linkId: uuid('link_id'),
  visitorId: uuid('visitor_id'),
  referrer: text('referrer'),
})
export const comment = mysqlTable('link_comment', { id: id(), linkId: uuid('link_id'), body: text('body') })
export const signIn = mysqlTable('sign_in_code', { id: id(), code: text('code'), email: text('email') })
export const rule = mysqlTable('redirect_rule', { id: id(), linkId: uuid('link_id'), country: text('country') })
export const webhook = mysqlTable('webhook_delivery', { id: id(), state: text('state'), payload: text('payload') })
export const blocked = mysqlTable('blocked_host', { id: id(), hostname: text('hostname') })
