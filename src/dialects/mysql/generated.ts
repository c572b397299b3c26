import type { Column } from '../../model/catalog.js'
import type { CollationFacts, Comparison, PartEquality } from './equality.js'
import { isIdentity, isText } from './oracle.js'
import { fraction } from './write-mismatch.js'

/** A value of an index that is computed: by a functional part, or by a generated column with a collation of its own. */
export interface Computed {
  readonly sql: string
  readonly generated: Column | null
  /** Of the generated column. */
  readonly collation: CollationFacts | null
  readonly prefix: number | undefined
}

/** What the collation of a generated column makes of the equality of its source; null where they are the same. */
export function ownCollation(
  { generated, collation, sql }: Computed,
  lookup: PartEquality | undefined,
): Comparison | null {
  const source = lookup?.column
  if (generated === null || collation === null || source == null || !isText(source)) return null
  const given = lookup?.collation
  if (given === undefined || (isText(generated) && generated.collation === source.collation)) return null
  if (collation.exact && given.exact) return null
  const binary = (one: Column, { exact }: CollationFacts) => exact || !isText(one) || /_bin$/.test(one.collation ?? '')
  if (binary(generated, collation) && (collation.exact || given.pads))
    return {
      relation: 'finer',
      cause: 'collation',
      detail: `${generated.name} compares the bytes of ${sql}, and ${source.collation} calls texts equal that differ in them`,
    }
  if (binary(source, given) && (given.exact || collation.pads))
    return {
      relation: 'coarser',
      cause: 'collation',
      detail: `${generated.collation}, the collation of ${generated.name}, calls texts equal that the lookup tells apart`,
    }
  return {
    relation: 'unknown',
    cause: 'collation',
    detail: `how ${generated.collation}, the collation of ${generated.name}, compares with ${source.collation} was not decided`,
  }
}

/** What the type of a generated column makes of the values of its source; null where it tells them all apart. */
export function ownType({ generated }: Computed, source: Column): Comparison | null {
  if (generated === null || (isText(generated) && (isText(source) || isIdentity(source)))) return null
  const [to, from] = [fraction(generated.type), fraction(source.type)]
  const isKin =
    to !== null && to.family === from?.family && (generated.baseType === 'time') === (source.baseType === 'time')
  const detail = `${generated.name} holds ${source.name} (${source.type}) as ${generated.type}`
  if (!isKin)
    return generated.baseType === source.baseType ? null : { relation: 'unknown', cause: 'expression', detail }
  const keeps = to.digits >= from.digits && !(generated.baseType === 'float' && source.baseType !== 'float')
  return keeps ? null : { relation: 'coarser', cause: 'expression', detail }
}
