// @ts-check
// JavaScript, so that the same file runs as a worker from the sources and from the built program.

import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker only')

const database = await PGlite.create(workerData.directory)

port.on('message', async (/** @type {{ id: number, sql: string | null, values: unknown[] }} */ { id, sql, values }) => {
  try {
    // No statement: the end.
    const rows = sql === null ? await database.close() : (await database.query(sql, values)).rows
    port.postMessage({ id, rows })
  } catch (error) {
    port.postMessage({ id, error: String(error) })
  }
})
port.postMessage({ id: 0, rows: [] })
