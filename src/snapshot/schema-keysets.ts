import { z } from 'zod'
import { catalogIndex } from './schema-catalog.js'

const text = z.string()
const number = z.int()
const flag = z.boolean()
const match = z.enum(['exact', 'lower', 'upper', 'like', 'binary'])
const isolation = z.enum(['read-committed', 'repeatable-read', 'serializable'])
const answer = z.enum(['yes', 'no', 'unknown'])
const protection = z.enum(['full', 'conditional', 'degraded', 'none', 'unknown'])
const grade = z.enum(['A', 'B', 'C', 'D'])
const location = z.object({ file: text, line: number, column: number }).optional()

/** As declared; what only `fix` reads is left out. */
const declared = z.object({
  table: z.object({ schema: text.optional(), name: text }),
  parts: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('column'), name: text }),
      z.object({ kind: z.literal('expression'), sql: text }),
    ]),
  ),
  where: text.optional(),
  match: z.record(text, match),
  boundAs: z.record(text, text),
  nulls: z.enum(['looked-up', 'never']).optional(),
  isolation: isolation.optional(),
  idiom: z.enum(['select-insert', 'insert-first', 'upsert', 'validator', 'not-exists', 'unknown']),
  evidence: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('declared'), location }),
      z.object({ kind: z.literal('log'), grade, window: z.array(z.number()).optional() }),
      z.object({ kind: z.literal('statistics'), grade, window: z.array(z.number()).optional() }),
    ]),
  ),
  spread: z.literal(true).optional(),
  location,
})

const lookupPart = z.object({
  label: text,
  column: text.nullable(),
  columns: z.array(text),
  match,
  nullable: flag,
  origin: z.enum(['declared', 'fixed']),
  nullLookedUp: z.enum(['never', 'also', 'always']),
})

const partFact = z.object({
  indexPart: number,
  lookupParts: z.array(number),
  relation: z.enum(['same', 'coarser', 'finer', 'incomparable', 'unknown']),
  cause: z.enum(['collation', 'expression', 'bound-type', 'operator-class', 'overlap', 'match']).nullable(),
  detail: text.nullable(),
  null: z.enum(['never', 'with-input', 'possible']),
})

const indexFacts = z.object({
  index: catalogIndex,
  parts: z.array(partFact),
  implied: z.array(answer),
  overlaps: z.array(answer),
  pinnedParts: z.array(number),
  unguarded: z.array(z.object({ condition: text, lookupPart: number.nullable(), certain: flag })),
  deadlockProne: flag.optional(),
})

const facts = z.object({
  cases: z.array(z.object({ label: text.nullable(), nullParts: z.array(number) })),
  indexes: z.array(indexFacts),
  writeMismatches: z.array(z.object({ column: text, detail: text })),
  unjudgeable: text.nullable(),
  isolation: isolation.optional(),
  notes: z.array(text).optional(),
  staleRetryAdvice: text.optional(),
})

const gaps = [
  ...(['extra-columns', 'partial', 'partial-other-rows', 'nullable', 'expression', 'collation'] as const),
  ...(['operator-class', 'bound-type', 'not-enforced', 'invalid', 'unattached', 'deferrable'] as const),
  ...(['exclusion', 'overlaps', 'partition-columns', 'partition-local', 'inheritance', 'narrower'] as const),
  ...(['coarser', 'predicate-lockout', 'not-unique', 'undecided'] as const),
] as const

const verdict = z.object({
  protection,
  hazards: z.array(z.enum(['lockout', 'write-mismatch', 'stale-retry', 'deadlock-prone'])),
  coveredBy: z.array(text),
  reasons: z.array(z.object({ index: text, gap: z.enum(gaps), detail: text, protection })),
  condition: text.nullable(),
  unknownBecause: text.nullable(),
})

/** Counts without what was read from rows: no samples, and no times of creation. */
const duplicates = z.discriminatedUnion('counted', [
  z.object({
    counted: z.literal(true),
    exact: flag,
    nulls: z.enum(['excluded', 'grouped']),
    groups: number,
    surplusRows: number,
    largestGroup: number,
    identicalGroups: number,
    divergentGroups: number,
    constraintGroups: number,
    constraintSurplusRows: number,
    referencesToSurplus: number.nullable(),
    references: z.array(z.object({ from: text, rows: number })).optional(),
    bornWithinSecond: number.nullable(),
    notes: z.array(text),
  }),
  z.object({ counted: z.literal(false), reason: text, detail: text, incomplete: flag }),
])

const remedy = z.object({
  kind: z.enum(['plain', 'nulls-not-distinct', 'partial', 'expression', 'partitioned', 'side-table', 'none']),
  sql: z.array(text),
  note: text.nullable(),
})

export const storedKeySet = z.object({
  id: text.meta({ description: 'As in reports.' }),
  declared,
  relation: number.meta({ description: 'Place of the declared relation in `tables`.' }),
  table: number.meta({ description: 'Place of the table that was judged and counted.' }),
  parts: z.array(lookupPart),
  predicate: text.nullable(),
  facts,
  verdict,
  duplicates,
  remedy,
})
