import type { Column, Index, Table } from '../model/catalog.js'
import type { ColumnStatistics, TableStatistics } from '../model/statistics.js'
import { namedLikeKey } from './names.js'
import { keySetOfIndex, type Proposal, type ProposedKeySet } from './proposal.js'

/** Fewer rows than this say nothing about whether values repeat. */
const enoughRows = 50
const nearlyUnique = 0.9
/** Below, values repeat so often that one row per value can hardly be meant. */
const halfUnique = 0.5
/** Bytes; longer texts are prose rather than keys. */
const longestKey = 100

const integers = new Set(['smallint', 'integer', 'bigint', 'int', 'mediumint'])
const texts = new Set([
  'text',
  'character varying',
  'character',
  'citext',
  'uuid',
  'varchar',
  'char',
  'binary',
  'varbinary',
])

/** Column groups that look like natural keys although no unique index says so. Unique indexes are dealt with elsewhere. */
export function suspectsOf(table: Table, statistics: TableStatistics): readonly Proposal[] {
  const guaranteed = table.indexes.filter((index) => index.unique).flatMap((index) => keySetOfIndex(table, index) ?? [])
  const open = (keySet: ProposedKeySet) => !guaranteed.some((unique) => isPartOf(unique, keySet))
  const indexed = table.indexes
    .filter((index) => !index.unique && !index.partitionLocal && ['btree', 'hash'].includes(index.method))
    .flatMap((index) => suspectIndex(table, statistics, index))
  // Looked up together with others rather than alone, where an index holds both.
  const together = new Set(table.indexes.filter((index) => index.parts.length > 1).flatMap(columnsOf))
  const bare = table.columns
    .filter((column) => !together.has(column.name))
    .flatMap((column) => suspectColumn(table, statistics, column))
  return [...indexed, ...bare].filter(({ keySet }) => open(keySet))
}

function suspectIndex(table: Table, statistics: TableStatistics, index: Index): Proposal[] {
  const keySet = keySetOfIndex(table, index)
  if (keySet === null) return []
  const columns = namesOf(keySet).map((name) => table.columns.find((column) => column.name === name))
  if (columns.length !== keySet.parts.length || !columns.every(isKeyLike)) return []
  const traits = columns.map((column) => traitsOf(column, statistics))
  const why = `index ${index.name} is not unique`
  if (traits.every((trait) => trait.foreignKey)) return suspectReferences(keySet, traits, why)
  const [best] = traits.filter((trait) => !trait.foreignKey).sort((a, b) => rank(b) - rank(a))
  if (best === undefined) return []
  const strength = strengthOf(best, table.references.length > 0)
  if (strength === null) return []
  return [{ keySet, strength, why: [why, ...reasons(best)].join('; ') }]
}

/** A one-to-one relation or a join table that nothing enforces. */
function suspectReferences(keySet: ProposedKeySet, traits: readonly Trait[], why: string): Proposal[] {
  if (traits.length > 1) return [{ keySet, strength: 'weak', why: `${why}; joins ${traits.length} tables` }]
  const [only] = traits
  if (only?.distinctness == null || only.distinctness < nearlyUnique) return []
  return [{ keySet, strength: 'weak', why: `${why}; a reference with hardly any value twice: one-to-one?` }]
}

function suspectColumn(table: Table, statistics: TableStatistics, column: Column): Proposal[] {
  if (!isKeyLike(column)) return []
  const trait = traitsOf(column, statistics)
  if (trait.foreignKey || (trait.width > longestKey && !trait.named)) return []
  const lowButNamed = trait.named && (trait.distinctness === null || trait.distinctness >= halfUnique)
  const unique = trait.distinctness !== null && trait.distinctness >= nearlyUnique
  if (!lowButNamed && !(unique && isText(column))) return []
  const keySet: ProposedKeySet = {
    schema: table.schema,
    table: table.name,
    parts: [{ kind: 'column', name: column.name }],
    match: {},
  }
  const strength = unique && trait.named ? 'suspect' : 'weak'
  return [{ keySet, strength, why: ['no index', ...reasons(trait)].join('; ') }]
}

interface Trait {
  readonly column: string
  readonly named: boolean
  readonly foreignKey: boolean
  /** Null where too little is known. */
  readonly distinctness: number | null
  readonly width: number
}

function traitsOf(column: Column, statistics: TableStatistics): Trait {
  const known: ColumnStatistics | undefined = statistics.columns.find((each) => each.column === column.name)
  const enough = (statistics.estimatedRows ?? 0) >= enoughRows
  return {
    column: column.name,
    named: namedLikeKey(column.name),
    foreignKey: statistics.foreignKeys.some((key) => key.includes(column.name)),
    distinctness: enough ? (known?.distinctness ?? null) : null,
    width: known?.averageWidth ?? 0,
  }
}

const rank = (trait: Trait): number => (trait.named ? 1 : 0) + (trait.distinctness ?? 0)

/** For an indexed column. A table that others refer to holds things, not events: there, repeated keys are worth a look. */
function strengthOf(trait: Trait, referenced: boolean): 'suspect' | 'weak' | null {
  const { named, distinctness } = trait
  if (distinctness !== null && distinctness >= nearlyUnique) return 'suspect'
  if (!named) return null
  return distinctness === null || distinctness >= halfUnique || referenced ? 'suspect' : 'weak'
}

function reasons({ column, named, distinctness }: Trait): string[] {
  const name = named ? [`${column} is a usual name for a key`] : []
  if (distinctness === null) return name
  if (distinctness >= nearlyUnique) return [...name, `hardly any ${column} comes twice`]
  const perValue = (1 / distinctness).toFixed(1)
  return [...name, `about ${perValue} rows per ${column}: duplicate rows, or meant to be several?`]
}

function isKeyLike(column: Column | undefined): column is Column {
  return (
    column !== undefined &&
    (integers.has(column.baseType) || texts.has(column.baseType)) &&
    !column.generatesKey &&
    column.generated === null
  )
}

function isText(column: Column): boolean {
  return !integers.has(column.baseType)
}

const namesOf = (keySet: ProposedKeySet): string[] =>
  keySet.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []))

/** Whether each of its columns is also looked up by the other. */
function isPartOf(unique: ProposedKeySet, keySet: ProposedKeySet): boolean {
  const names = namesOf(keySet)
  return unique.parts.every((part) => part.kind === 'column' && names.includes(part.name))
}

const columnsOf = (index: Index): string[] => index.parts.flatMap((part) => part.column ?? [])
