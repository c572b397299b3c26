// @ts-check
// JavaScript, so that the same file runs as a worker from the sources and from the built program.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** @typedef {{ id: number, sql: string, values: unknown[] }} Request */

const port = parentPort
if (port === null) throw new Error('this file runs as a worker only')

/** @param {import('@electric-sql/pglite').Extensions} extensions */
function create(extensions) {
  const { dataDir } = workerData
  return PGlite.create({ ...(dataDir === null ? {} : { dataDir }), extensions })
}

/** A database that uses an extension can be read only with its code, which costs too much to load all of it always. */
async function open() {
  const plain = await create({})
  const { rows } = await plain.query("SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'")
  const names = rows.map((row) => /** @type {{ extname: string }} */ (row).extname.replaceAll('-', '_'))
  if (names.length === 0) return plain
  await plain.close()
  const loaded = await Promise.all(names.map(async (name) => [name, await shipped(name)]))
  return create(Object.fromEntries(loaded.filter(([, extension]) => extension !== undefined)))
}

/** Undefined for an extension that PGlite doesn't bring along: what needs its code then fails by itself. @param {string} name */
async function shipped(name) {
  try {
    return (await import(`@electric-sql/pglite/contrib/${name}`))[name]
  } catch {
    return undefined
  }
}

/** Values leave as the server's text; the other side decides what to make of them. @param {PGlite} db */
async function textParsers(db) {
  const { rows } = await db.query('SELECT oid::int8::text AS oid FROM pg_catalog.pg_type')
  const asText = (/** @type {string} */ text) => text
  return Object.fromEntries(rows.map((row) => [/** @type {{ oid: string }} */ (row).oid, asText]))
}

/** @param {unknown} thrown */
function plainError(thrown) {
  const { message, code, severity, detail, hint, position, table, schema, routine } =
    /** @type {Record<string, unknown>} */ (thrown)
  return { message: String(message), code, severity, detail, hint, position, table, schema, routine }
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
