import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** How statements of an ORM's traffic stand in a log. */
export interface LogStyle {
  /** The record of one statement of session number `session`, sent `ms` after the start. */
  record(sql: string, session: number, ms: number): string
  readonly quote: '"' | '`'
}

const START = Date.UTC(2026, 4, 1, 8)
const time = (ms: number) => new Date(START + ms).toISOString()

export const postgresStderr: LogStyle = {
  quote: '"',
  record: (sql, session, ms) =>
    `${time(ms).slice(0, 23).replace('T', ' ')} UTC [${20_000 + session}] app@shop LOG:  statement: ${sql}\n`,
}

export const mysqlGeneral: LogStyle = {
  quote: '`',
  record: (sql, session, ms) => `${time(ms).slice(0, 23)}000Z\t${String(100 + session).padStart(5)} Query\t${sql}\n`,
}

/** The same numbers each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Table {
  readonly name: string
  readonly key: string
  readonly columns: readonly string[]
}

const WORDS = ['session', 'email', 'sku', 'token', 'slug', 'code', 'device', 'serial', 'handle', 'reference']

function tables(count: number): Table[] {
  return Array.from({ length: count }, (_, at) => {
    const key = `${WORDS[at % WORDS.length]}_key`
    return {
      name: `shop_table${at}`,
      key,
      columns: ['id', key, 'owner_id', 'state', 'note', 'created_at', 'updated_at'],
    }
  })
}

/**
 * Traffic as Django sends it, of 40 sessions at once: gets by primary key, lists, updates, and get_or_creates of which one
 * in five inserts. `kinds` is about how many different statements there are.
 */
export async function writeLog(
  path: string,
  style: LogStyle,
  { statements, kinds }: { readonly statements: number; readonly kinds: number },
): Promise<void> {
  const file = createWriteStream(path)
  const random = randomFrom(7)
  const all = tables(Math.max(1, Math.round(kinds / 7)))
  const q = (name: string) => style.quote + name + style.quote
  let [written, ms] = [0, 0]
  let piece: string[] = []
  const put = (sql: string, session: number) => {
    ms += random(4)
    piece.push(style.record(sql, session, ms))
    written += 1
  }
  while (written < statements) {
    const table = all[random(all.length)] as Table
    const session = random(40)
    const list = table.columns.map((column) => `${q(table.name)}.${q(column)}`).join(', ')
    const from = `SELECT ${list} FROM ${q(table.name)} WHERE`
    const value = `${random(1e9).toString(36)}-${random(1e9).toString(36)}`
    switch (random(5)) {
      case 0:
        put(`${from} ${q(table.name)}.${q('id')} = ${random(1e6)} LIMIT 21`, session)
        break
      case 1:
        put(
          `${from} ${q(table.name)}.${q('owner_id')} = ${random(1e5)} ORDER BY ${q(table.name)}.${q('created_at')} DESC`,
          session,
        )
        break
      case 2:
        put(
          `UPDATE ${q(table.name)} SET ${q('state')} = 'paid', ${q('note')} = 'it''s ${value}' WHERE ${q(table.name)}.${q('id')} = ${random(1e6)}`,
          session,
        )
        break
      default:
        put(`${from} ${q(table.name)}.${q(table.key)} = '${value}' LIMIT 21`, session)
        if (random(5) > 0) break
        put('BEGIN', session)
        put(
          `INSERT INTO ${q(table.name)} (${table.columns.slice(1).map(q).join(', ')}) VALUES ('${value}', ${random(1e5)}, 'new', '', '${time(ms)}', '${time(ms)}')`,
          session,
        )
        put('COMMIT', session)
    }
    if (piece.length > 5000) {
      if (!file.write(piece.join(''), 'latin1')) await once(file, 'drain')
      piece = []
    }
  }
  file.end(piece.join(''), 'latin1')
  await once(file, 'close')
}
