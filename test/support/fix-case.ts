import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { PlanLimits } from '../../src/model/plan.js'
import type { Server } from './servers.js'

/** By table, as `regclass` prints it, or without its database: all of its rows, as PostgreSQL prints them, a line each. */
type Rows = Readonly<Record<string, string>>

/** What expected.yml may say. Whatever isn't written is expected to be as usual. */
export interface Expected {
  /** Major versions of PostgreSQL, both inclusive. */
  readonly from?: number
  readonly to?: number
  readonly pglite?: boolean
  /** Servers of the two that share their cases: false, or from this version on, as 1011 for 10.11. */
  readonly mysql?: boolean | number
  readonly mariadb?: boolean | number
  readonly limits?: Partial<PlanLimits>
  /** By key set: a text that the reason contains. All others that aren't protected are fixed. */
  readonly undecided?: Readonly<Record<string, string>>
  readonly refused?: Readonly<Record<string, string>>
  readonly protected?: readonly string[]
  /** Texts that warnings of the plan contain, one each, in order; there must be no others. */
  readonly warnings?: readonly string[]
  /** `schema.table.column` */
  readonly suspected?: readonly string[]
  /** A text of the error with which the plan itself ends. */
  readonly impossible?: string
  /** Up finds nothing to do, and does nothing. */
  readonly idle?: boolean
  /** A text of the error with which up ends; then nothing has changed. */
  readonly fails?: string
  /** Tables in which something changes. */
  readonly rows?: Rows
  /** Texts of the definitions that up adds, in order; otherwise those alone of an index with a name of ours. */
  readonly builds?: readonly string[]
  /** Texts of definitions that up removes for good. */
  readonly drops?: readonly string[]
  /** Those of definitions that up removes and down brings back. */
  readonly replaces?: readonly string[]
  /** A text of the error with which down ends; then it has changed nothing. */
  readonly downFails?: string
  /** Tables that down can't restore. */
  readonly down?: Rows
}

export interface FixCase {
  readonly name: string
  readonly folder: string
  readonly schema: string
  /** Runs between the plan and up; null where nothing happens then. */
  readonly meanwhile: string | null
  /** MySQL and MariaDB: what is set in the session that runs the files. */
  readonly session: string | null
  readonly expected: Expected
}

const root = join(import.meta.dirname, '../fix-cases')

/** Every folder of test/fix-cases/postgres, or /mysql. */
export function fixCases(dialect: 'postgres' | 'mysql'): FixCase[] {
  return readdirSync(join(root, dialect)).map((name) => {
    const folder = join(root, dialect, name)
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    const optional = (file: string) => (existsSync(join(folder, file)) ? read(file) : null)
    return {
      name,
      folder,
      schema: read('schema.sql'),
      meanwhile: optional('meanwhile.sql'),
      session: optional('session.sql'),
      expected: (parse(read('expected.yml')) ?? {}) as Expected,
    }
  })
}

export function runsOn({ expected }: FixCase, server: Server): boolean {
  const { from = 0, to = 99, pglite = true } = expected
  if (server.kind === 'mysql' || server.kind === 'mariadb') {
    const { [server.kind]: which = true } = expected
    return typeof which === 'number' ? server.version >= which : which
  }
  return server.version >= from && server.version <= to && (pglite || server.kind !== 'pglite')
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
