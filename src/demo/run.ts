import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EmbeddedDatabase, openEmbedded } from '../dialects/postgres/embedded.js'
import type { FixJson } from '../report/fix-json.js'
import type { ScanJson, ScanManyJson } from '../report/json.js'
import type { Tool } from '../report/report.js'
import type { Terminal } from '../report/terminal.js'
import { type Cart, firstVisitors, getAgain, laterVisitors, lookup, type RaceResult, race, schema } from './race.js'
import { makeShop, type Shop } from './shop.js'
import { auditStarts, closing, command, exits, getFails, opening, raceEnds, raceStarts } from './text.js'
import {
  cleanupStarts,
  downEnds,
  downStarts,
  migrationStarts,
  planStarts,
  secondRaceEnds,
  secondRaceStarts,
  upEnds,
  upStarts,
} from './text-fix.js'

export interface DemoRequest {
  /** Where to keep the database; undefined: nowhere. */
  readonly keep: string | undefined
  readonly tool: Tool
  readonly out: Terminal
  print(text: string): void
  /** Shown while there is nothing to print. */
  progress(text: string): void
  /** Ends the demo. */
  readonly signal: AbortSignal
  readonly commands: DemoCommands
}

/** The commands as they run in a directory, for somebody who calls them there. Each throws UserError. */
export interface DemoCommands {
  scan(directory: string): Promise<Printed<ScanJson | ScanManyJson>>
  /** `fix --show-values` */
  fix(directory: string): Promise<Printed<FixJson>>
  /** `fix --emit-migration`, without what `fix` prints as well. */
  emit(directory: string): Promise<Printed<FixJson>>
}

export interface Printed<Json> {
  readonly text: string
  readonly json: Json
  readonly exitCode: number
}

/** What `demo --json` prints; schemas/demo.schema.json. */
export interface DemoResult {
  readonly schemaVersion: 1
  readonly tool: Tool
  readonly server: string
  readonly race: RaceResult
  /** The lookup that an application's `get()` makes, and the rows that come. */
  readonly get: { readonly sql: string; readonly value: string; readonly rows: readonly Cart[] }
  readonly scan: ScanJson | ScanManyJson
  /** With the files that it wrote. */
  readonly fix: FixJson
  readonly afterUp: AfterUp & { readonly scan: ScanJson | ScanManyJson; readonly race: RaceResult }
  readonly afterDown: AfterDown
  readonly kept: { readonly directory: string; readonly config: string } | null
}

export interface AfterUp {
  readonly rows: number
  readonly removedRows: number
}

export interface AfterDown {
  readonly rows: number
  /** Removed rows that are back, with all their values. */
  readonly restoredRows: number
  /** Rows that came between up and down, and stay. */
  readonly newRows: number
}

/** A shop with a race, the audit of what it left, the way out and the way back. Throws UserError where it can't run. */
export async function runDemo(request: DemoRequest): Promise<DemoResult> {
  const shop = await makeShop(request.keep)
  let done = false
  try {
    request.progress('Starting PostgreSQL in this process')
    const database = await openEmbedded(shop.data, request.signal)
    const story = await play({ ...request, shop, database }).finally(() => database.close())
    const kept = shop.temporary ? null : { directory: shop.directory, config: shop.config }
    tell(request, closing(request.out, kept?.directory ?? null))
    done = true
    return { schemaVersion: 1, tool: request.tool, ...story, kept }
  } finally {
    if (shop.temporary || !done) await shop.remove()
  }
}

interface Stage extends DemoRequest {
  readonly shop: Shop
  readonly database: EmbeddedDatabase
}

async function play(stage: Stage) {
  const server = await openShop(stage)
  const lost = await loseCarts(stage)
  tell(stage, auditStarts(stage.out))
  const scan = await runScan(stage)
  const fix = await planAndWrite(stage)
  const before = await carts(stage)
  const { removed, ...afterUp } = await applyUp(stage, fix, before)
  const afterDown = await applyDown(stage, fix, before, removed)
  return { server, ...lost, scan, fix, afterUp, afterDown }
}

async function openShop({ database, ...stage }: Stage): Promise<string> {
  const [row] = await database.query<{ server_version: string }>('SHOW server_version')
  const server = `PostgreSQL ${row?.server_version.split(' ')[0]}`
  for (const statement of schema) await database.query(statement)
  tell(stage, opening(stage.out, server))
  return server
}

async function loseCarts({ database, ...stage }: Stage) {
  tell(stage, raceStarts(stage.out))
  const raced = await race(database.query, firstVisitors)
  tell(stage, raceEnds(stage.out, raced))
  const rows = await getAgain(database.query)
  tell(stage, getFails(stage.out, rows, raced.failedCalls))
  return { race: raced, get: { sql: lookup, value: rows[0]?.session_id ?? '', rows } }
}

async function planAndWrite(stage: Stage): Promise<FixJson> {
  tell(stage, planStarts(stage.out))
  await run(stage, 'goc-audit fix --show-values', stage.commands.fix)
  tell(stage, migrationStarts(stage.out))
  return (await run(stage, 'goc-audit fix --emit-migration', stage.commands.emit)).json
}

async function applyUp(stage: Stage, fix: FixJson, before: ReadonlySet<string>) {
  await runFile(stage, fix, 'up', upStarts)
  const after = await carts(stage)
  const removed = [...before].filter((row) => !after.has(row))
  tell(stage, upEnds(stage.out, { before: before.size, after: after.size }))
  const scan = await runScan(stage)
  tell(stage, secondRaceStarts(stage.out))
  const raced = await race(stage.database.query, laterVisitors)
  tell(stage, secondRaceEnds(stage.out, raced))
  return { rows: after.size, removedRows: removed.length, removed, scan, race: raced }
}

async function applyDown(
  stage: Stage,
  fix: FixJson,
  before: ReadonlySet<string>,
  removed: readonly string[],
): Promise<AfterDown> {
  await runFile(stage, fix, 'down', downStarts)
  const after = await carts(stage)
  const result = {
    rows: after.size,
    restoredRows: removed.filter((row) => after.has(row)).length,
    newRows: [...after].filter((row) => !before.has(row)).length,
  }
  tell(stage, downEnds(stage.out, { ...result, removedRows: removed.length }))
  await runFile(stage, fix, 'cleanup', cleanupStarts)
  return result
}

async function runScan(stage: Stage): Promise<ScanJson | ScanManyJson> {
  const { json, exitCode } = await run(stage, 'goc-audit scan', stage.commands.scan)
  tell(stage, exits(stage.out, exitCode))
  return json
}

async function run<Json>(
  stage: Stage,
  line: string,
  start: (directory: string) => Promise<Printed<Json>>,
): Promise<Printed<Json>> {
  tell(stage, command(stage.out, line))
  // It reads a copy of the files, and nothing may be in memory alone.
  await stage.database.query('CHECKPOINT')
  const printed = await start(stage.shop.directory)
  stage.print(`${printed.text}\n`)
  return printed
}

/** `words` name the file to the reader. */
async function runFile(
  { shop, database, out, ...stage }: Stage,
  { files }: FixJson,
  wanted: FixJson['files'][number]['kind'],
  words: (out: Terminal, path: string) => string[],
): Promise<void> {
  const path = files.find(({ kind }) => kind === wanted)?.path
  if (path === undefined) throw new Error(`fix wrote no ${wanted} file`)
  tell(stage, words(out, path))
  await database.script(await readFile(join(shop.directory, path), 'utf8'))
}

/** Every cart, with all its values in one text. */
async function carts({ database }: Stage): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ row: string }>('SELECT cart::text AS row FROM cart')
  return new Set(rows.map(({ row }) => row))
}

function tell({ print }: Pick<DemoRequest, 'print'>, lines: readonly string[]): void {
  print(`${lines.join('\n')}\n`)
}
