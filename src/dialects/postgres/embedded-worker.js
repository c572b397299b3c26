// @ts-check
// JavaScript, so that the same file runs as a worker from the sources and from the built program.

import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** @typedef {{ id: number, run: 'query' | 'script' | 'close', sql: string, values: unknown[] }} Request */

const port = parentPort
if (port === null) throw new Error('this file runs as a worker only')

const database = await PGlite.create(workerData.directory)

/** @param {Request} request @returns {Promise<unknown[]>} */
async function answer({ run, sql, values }) {
  if (run === 'query') return (await database.query(sql, values)).rows
  if (run === 'script') await runScript(sql)
  else await database.close()
  return []
}

/** @param {string} sql */
async function runScript(sql) {
  try {
    await database.exec(sql)
  } catch (error) {
    // The file's own COMMIT is never reached.
    await database.exec('ROLLBACK')
    throw error
  }
}

port.on('message', async (/** @type {Request} */ request) => {
  const { id } = request
  try {
    port.postMessage({ id, rows: await answer(request) })
  } catch (error) {
    const { message, code } = /** @type {Error & { code?: string }} */ (error)
    port.postMessage({ id, error: { message, code } })
  }
})
port.postMessage({ id: 0, rows: [] })
