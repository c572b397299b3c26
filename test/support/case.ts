import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { scan } from '../../src/audit/scan.js'
import { loadConfig } from '../../src/config/index.js'
import type { Session } from '../../src/dialects/dialect.js'
import type { Audit, Remedy } from '../../src/model/audit.js'

/** An entry of expected.yml: one per key set, in order. Only what is written there is compared. */
export interface Expected {
  readonly protection: string
  readonly hazards?: readonly string[]
  readonly rules?: readonly string[]
  readonly severities?: readonly string[]
  readonly coveredBy?: readonly string[]
  readonly nearest?: { readonly index: string; readonly gap: string }
  readonly groups?: number
  readonly surplusRows?: number
  readonly constraintGroups?: number
  readonly notCounted?: string
  readonly remedy?: string
}

export interface Case {
  readonly name: string
  readonly folder: string
  readonly sql: string
  /** What stands after `-- needs: `; '' where it runs everywhere. */
  readonly needs: string
  readonly expected: readonly Expected[]
}

/** Every folder of test/cases/DIALECT. */
export function cases(dialect: 'postgres' | 'mysql'): Case[] {
  const root = join(import.meta.dirname, '../cases', dialect)
  return readdirSync(root).map((name) => {
    const folder = join(root, name)
    const sql = readFileSync(join(folder, 'schema.sql'), 'utf8')
    const needs = /^-- needs: (?<list>.+)$/m.exec(sql)?.groups?.list ?? ''
    const expected = parse(readFileSync(join(folder, 'expected.yml'), 'utf8')) as Expected[]
    return { name, folder, sql, needs, expected }
  })
}

/** `schema`: where the tables of config.yml are, if not where the session looks. */
export async function scanCase(session: Session, { folder }: Case, schema?: string): Promise<Audit> {
  const config = await loadConfig({ cwd: folder, file: join(folder, 'config.yml') })
  const keySets = config.keySets.map((keySet) =>
    schema === undefined ? keySet : { ...keySet, table: { ...keySet.table, schema } },
  )
  const count = { exists: false, samples: 3, budget: null }
  return scan({ session, keySets, ignores: [], only: [], count, today: '2026-01-01' })
}

/** Kinds of remedy that are whole as they stand; the others need a table per partition or a change of the application. */
export const usual: ReadonlySet<Remedy['kind']> = new Set(['plain', 'nulls-not-distinct', 'partial', 'expression'])

/** The key sets that aren't protected, and whose remedy alone makes them so. */
export const open = (audit: Audit): Audit['keySets'] =>
  audit.keySets.filter(({ verdict, remedy }) => verdict.protection !== 'full' && usual.has(remedy.kind))

/** As much of each outcome as the case speaks of. */
export const outcomes = (audit: Audit, { expected }: Case): Partial<Expected>[] =>
  audit.keySets.map((keySet, at) => outcome(audit, keySet, expected[at]))

function outcome(
  audit: Audit,
  { resolved, verdict, duplicates, remedy }: Audit['keySets'][number],
  wanted: Expected | undefined,
): Partial<Expected> {
  const findings = audit.findings.filter((finding) => finding.keySet === resolved.id)
  const [first] = verdict.reasons
  const all: Required<Expected> = {
    protection: verdict.protection,
    hazards: verdict.hazards,
    rules: findings.map((finding) => finding.rule),
    severities: findings.map((finding) => finding.severity),
    coveredBy: [...verdict.coveredBy].sort(),
    nearest: { index: first?.index ?? '', gap: first?.gap ?? '' },
    groups: duplicates.counted ? duplicates.groups : -1,
    surplusRows: duplicates.counted ? duplicates.surplusRows : -1,
    constraintGroups: duplicates.counted ? duplicates.constraintGroups : -1,
    notCounted: duplicates.counted ? '' : duplicates.reason,
    remedy: remedy.kind,
  }
  const names = Object.keys(wanted ?? {}) as (keyof Expected)[]
  return Object.fromEntries(names.map((name) => [name, all[name]]))
}
