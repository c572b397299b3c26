import { type EmbeddedDatabase, openEmbedded } from '../dialects/postgres/embedded.js'
import type { Tool } from '../report/report.js'
import type { Terminal } from '../report/terminal.js'
import { type Cart, getAgain, lookup, type RaceResult, race, schema } from './race.js'
import { makeShop, type Shop } from './shop.js'
import { auditStarts, closing, getFails, opening, raceEnds, raceStarts } from './text.js'

export interface DemoRequest<Scan> {
  /** Where to keep the database; undefined: nowhere. */
  readonly keep: string | undefined
  readonly tool: Tool
  readonly out: Terminal
  print(text: string): void
  /** Shown while there is nothing to print. */
  progress(text: string): void
  /** Ends the demo. */
  readonly signal: AbortSignal
  /** `scan` with this configuration file, as the command does it. */
  audit(config: string): Promise<{ readonly text: string; readonly json: Scan }>
}

/** What `demo --json` prints; schemas/demo.schema.json. */
export interface DemoResult<Scan> {
  readonly schemaVersion: 1
  readonly tool: Tool
  readonly server: string
  readonly race: RaceResult
  /** The lookup that an application's `get()` makes, and the rows that come. */
  readonly get: { readonly sql: string; readonly value: string; readonly rows: readonly Cart[] }
  readonly scan: Scan
  readonly kept: { readonly directory: string; readonly config: string } | null
}

/** A shop with a race, and the audit of what it left. Throws UserError where it can't run. */
export async function runDemo<Scan>(request: DemoRequest<Scan>): Promise<DemoResult<Scan>> {
  const shop = await makeShop(request.keep)
  let done = false
  try {
    const raced = await runShop(request, shop)
    const scan = await audit(request, shop)
    const kept = shop.temporary ? null : { directory: shop.directory, config: shop.config }
    tell(request, closing(request.out, kept && { command: auditCommand(shop), directory: shop.directory }))
    done = true
    return { schemaVersion: 1, tool: request.tool, ...raced, scan, kept }
  } finally {
    if (shop.temporary || !done) await shop.remove()
  }
}

async function runShop<Scan>(request: DemoRequest<Scan>, shop: Shop) {
  const { out } = request
  request.progress('Starting PostgreSQL in this process')
  const database = await openEmbedded(shop.data, request.signal)
  try {
    const server = await versionOf(database)
    for (const statement of schema) await database.query(statement)
    tell(request, opening(out, server))
    tell(request, raceStarts(out))
    const result = await race(database.query)
    tell(request, raceEnds(out, result))
    const rows = await getAgain(database.query)
    tell(request, getFails(out, rows, result.failedCalls))
    return { server, race: result, get: { sql: lookup, value: rows[0]?.session_id ?? '', rows } }
  } finally {
    await database.close()
  }
}

async function audit<Scan>(request: DemoRequest<Scan>, shop: Shop): Promise<Scan> {
  tell(request, auditStarts(request.out, shop.temporary ? 'goc-audit scan' : auditCommand(shop)))
  const { text, json } = await request.audit(shop.config)
  request.print(`${text}\n`)
  return json
}

const auditCommand = (shop: Shop): string => `goc-audit scan --config ${inShell(shop.config)}`

const inShell = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

async function versionOf(database: EmbeddedDatabase): Promise<string> {
  const [row] = await database.query<{ server_version: string }>('SHOW server_version')
  return `PostgreSQL ${row?.server_version.split(' ')[0]}`
}

function tell(request: Pick<DemoRequest<unknown>, 'print'>, lines: readonly string[]): void {
  request.print(`${lines.join('\n')}\n`)
}
