import type { AuditedKeySet } from '../model/audit.js'
import type { Index } from '../model/catalog.js'
import type { IndexFacts } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { defineRule } from './rule.js'
import { describeIndex, list, table } from './words.js'

interface Facts {
  readonly keeper: Index
  readonly redundant: readonly Index[]
}

export const redundantIndex = defineRule<Facts>({
  id: 'redundant-index',
  severity: 'note',
  title: 'Two unique indexes do the same',
  docs: {
    what: 'The unique index that covers the key set has a twin with the same key, often the leftover of a REINDEX CONCURRENTLY that failed (named …_ccnew or …_ccold).',
    why: 'It guarantees nothing more, costs time on every write, and an invalid one still refuses rows in a way that is hard to read.',
    todo: 'Drop it. Twins that a foreign key, CLUSTER or the replica identity holds on to are not reported.',
    bad: {
      sql: 'CREATE TABLE voucher (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE);\nCREATE UNIQUE INDEX voucher_code_again ON voucher (code);',
      keySet: 'table: voucher\ncolumns: [code]',
    },
    good: {
      sql: 'CREATE TABLE voucher (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE);',
      keySet: 'table: voucher\ncolumns: [code]',
    },
  },
  select(audited) {
    const keeper = bestCovering(audited)
    if (!keeper) return null
    const twins = audited.facts.indexes.filter((facts) => facts !== keeper && isTwin(facts, keeper))
    const redundant = twins.map(({ index }) => index).filter(canGo)
    return redundant.length > 0 ? { keeper: keeper.index, redundant } : null
  },
  words: ({ keeper, redundant }, audited) => ({
    what: `${table(audited)} has ${redundant.length === 1 ? 'a second index' : 'further indexes'} with the key of ${visible(keeper.name)}: ${list(redundant.map(describeIndex))}.`,
    why: 'It guarantees nothing more and costs time on every write.',
    todo: `Drop ${list(redundant.map(({ name }) => visible(name)))} and keep ${visible(keeper.name)}.`,
  }),
})

/** The one to keep: what others hold on to, then constraints, then the first by name. */
function bestCovering(audited: AuditedKeySet): IndexFacts | undefined {
  const rank = ({ index }: IndexFacts) =>
    (index.primary ? 0 : 8) + (index.pinned ? 0 : 4) + (index.constraint === null ? 2 : 0) + (index.deferrable ? 1 : 0)
  const names = audited.verdict.coveredBy
  return audited.facts.indexes
    .filter(({ index }) => index.unique && index.valid && names.includes(index.name))
    .sort((a, b) => rank(a) - rank(b) || (a.index.name < b.index.name ? -1 : 1))[0]
}

function canGo(index: Index): boolean {
  return index.unique && !index.primary && !index.pinned && !index.exclusion && !index.partitionLocal
}

function isTwin(one: IndexFacts, other: IndexFacts): boolean {
  return (
    one.index.predicate === other.index.predicate &&
    one.index.nullsNotDistinct === other.index.nullsNotDistinct &&
    one.index.method === other.index.method &&
    signature(one) === signature(other)
  )
}

// Parts that compare in another way than the column's own equality may serve other queries; they never make a twin.
function signature({ index, parts }: IndexFacts): string {
  const described = index.parts.map((part, at) => {
    const cause = parts.find(({ indexPart }) => indexPart === at)?.cause ?? null
    return JSON.stringify([part, cause && index.name])
  })
  return described.sort().join()
}
