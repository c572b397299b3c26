// @ts-check
// JavaScript, so that the same file runs as a worker from the sources and from the built program.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** @typedef {{ id: number, sql: string, values: unknown[] }} Request */

const port = parentPort
if (port === null) throw new Error('this file runs as a worker only')

/** Every extension that PGlite brings along, since a database that uses one can't be read without it. */
async function shippedExtensions() {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@electric-sql/pglite')), 'contrib')
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'))
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)))
  return Object.assign({}, ...modules.map((module, index) => pickExtension(module, files[index] ?? '')))
}

/** @param {Record<string, unknown>} module @param {string} file */
function pickExtension(module, file) {
  const name = basename(file, '.js')
  return module[name] === undefined ? {} : { [name]: module[name] }
}

async function open() {
  const { dataDir } = workerData
  return await PGlite.create({ ...(dataDir === null ? {} : { dataDir }), extensions: await shippedExtensions() })
}

/** Values leave as the server's text; the other side decides what to make of them. @param {PGlite} db */
async function textParsers(db) {
  const { rows } = await db.query('SELECT oid::int8::text AS oid FROM pg_catalog.pg_type')
  const asText = (/** @type {string} */ text) => text
  return Object.fromEntries(rows.map((row) => [/** @type {{ oid: string }} */ (row).oid, asText]))
}

/** @param {unknown} thrown */
function plainError(thrown) {
  const { message, code, severity, detail, hint, position, table, schema } = /** @type {Record<string, unknown>} */ (
    thrown
  )
  return { message: String(message), code, severity, detail, hint, position, table, schema }
}

const db = await open().catch((error) => {
  port.postMessage({ failed: plainError(error) })
  return null
})
if (db !== null) {
  const parsers = await textParsers(db)
  port.on('message', async (/** @type {Request} */ { id, sql, values }) => {
    try {
      const { fields, rows } = await db.query(sql, values, { rowMode: 'array', parsers })
      port.postMessage({ id, fields, rows })
    } catch (error) {
      port.postMessage({ id, error: plainError(error) })
    }
  })
  port.postMessage({ ready: true })
}
