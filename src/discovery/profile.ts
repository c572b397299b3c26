import type { Profile, ProfileInsert, ProfileLookup, ProfileMember, ProfilePair } from '../model/profile.js'
import { byText, firstTexts, mostEntries, smallest } from './bounded.js'
import type { Registry } from './compile.js'
import type { InsertState, LookupState, Member, PairState } from './state.js'

export const emptyProfile = (): Profile => ({
  schemaVersion: 1,
  statements: 0,
  notAnalysed: [],
  sums: 0,
  lookups: [],
  inserts: [],
  pairs: [],
  failures: {},
  sources: [],
  withSession: 0,
  withTime: 0,
  withRows: 0,
})

export function toProfile(registry: Registry, rest: Omit<Profile, 'lookups' | 'inserts' | 'pairs'>): Profile {
  const inserts = [...registry.inserts.values()]
  return {
    ...rest,
    notAnalysed: [...rest.notAnalysed].sort((a, b) => byText(a.reason, b.reason)),
    sources: firstTexts(rest.sources, 20),
    lookups: mostEntries([...registry.lookups.values()].map(lookupOf)),
    inserts: mostEntries(inserts.map(insertOf)),
    pairs: mostEntries(inserts.flatMap(({ pairs }) => pairs.map(pairOf))),
  }
}

function memberOf(member: Member, state: LookupState): ProfileMember {
  // Names have no digits, and what has some may be anybody's.
  const word = member.only !== null && /^[a-z][a-z_ \\:-]{0,40}$/i.test(member.only) && member.bound === 0
  const othersVary = state.members.some((other) => other !== member && other.digests.size >= 3)
  const sure = member.literalsBesideBound > 0 || (state.lookups >= 8 && othersVary)
  return {
    column: member.column,
    match: member.match,
    kind: member.kind,
    digests: smallest(member.digests, 3),
    nulls: member.nulls,
    bound: member.bound,
    literalsBesideBound: member.literalsBesideBound,
    constant: word && sure ? member.only : null,
    casts: firstTexts(member.casts, 5),
  }
}

const lookupOf = (state: LookupState): ProfileLookup => ({
  key: state.key,
  schema: state.table.name.schema,
  table: state.table.name.name,
  members: state.members.map((member) => memberOf(member, state)),
  conditions: state.conditions,
  asks: state.asks,
  limited: state.limited,
  joins: state.joins,
  grouped: state.grouped,
  locks: state.locks,
  lookups: state.lookups,
  severalWanted: state.severalWanted,
  withoutValues: state.withoutValues,
  rowsKnown: state.rowsKnown,
  zeroRows: state.zeroRows,
  severalRows: state.severalRows,
  rows: state.rows,
  hits: state.hits,
  staleHits: state.staleHits,
  totals: { ...state.totals },
  shapes: smallest(state.shapes, 16),
})

const insertOf = (state: InsertState): ProfileInsert => ({
  key: state.key,
  schema: state.table.name.schema,
  table: state.table.name.name,
  columns: state.columns,
  conflict: state.conflict,
  idiom: state.idiom,
  unless: state.unless,
  inserts: state.inserts,
  withoutValues: state.withoutValues,
  violations: { ...state.violations },
  violatedColumns: { ...state.violatedColumns },
  otherFailures: { ...state.otherFailures },
  totals: { ...state.totals },
  endpoints: firstTexts(state.endpoints, 10),
  shapes: smallest(state.shapes, 16),
})

function pairOf(pair: PairState): ProfilePair {
  const { lookup, insert, columns: _, constraints, endpoints, raceExamples, windows, isolation, ...counts } = pair
  return {
    key: JSON.stringify([lookup.key, insert.key]),
    lookup: lookup.key,
    insert: insert.key,
    ...counts,
    windows: [...windows],
    isolation: { ...isolation },
    constraints: firstTexts(constraints, 20),
    endpoints: firstTexts(endpoints, 10),
    raceExamples: raceExamples
      .map(({ race }) => race)
      .sort(byRace)
      .slice(0, 3),
  }
}

export const byRace = (a: object, b: object): number => byText(JSON.stringify(a), JSON.stringify(b))
