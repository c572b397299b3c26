import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiscoveredKeySet } from '../../../src/model/profile.js'
import { here, type ServerKind } from './applications.js'

export interface ExpectedKeySet {
  readonly id: string
  readonly also?: readonly string[]
  /** Where it must be found; everywhere if left out. */
  readonly on?: readonly ServerKind[]
  /** Where it may be found beside. */
  readonly may?: readonly ServerKind[]
  readonly idiom: string | readonly string[]
  readonly nulls?: 'looked-up' | 'never'
  readonly isolation?: string
  readonly statistics?: 'no'
  readonly path: string
}

export interface Expected {
  readonly keySets: readonly ExpectedKeySet[]
  readonly negatives: readonly { readonly id: string; readonly path: string; readonly why: string }[]
}

export async function expectedOf(application: string): Promise<Expected> {
  return JSON.parse(await readFile(join(here, 'expected', `${application}.json`), 'utf8')) as Expected
}

export interface Graded {
  /** Those that the recording must show, and of them the ones that were found and missed. */
  readonly expected: readonly ExpectedKeySet[]
  readonly found: readonly { readonly expected: ExpectedKeySet; readonly keySet: DiscoveredKeySet }[]
  readonly missed: readonly ExpectedKeySet[]
  /** Reported, but not expected; with what the application means by it where a negative says so. */
  readonly alarms: readonly { readonly keySet: DiscoveredKeySet; readonly why: string }[]
  /** Found, but with another idiom, other NULLs or another isolation. */
  readonly remarks: readonly string[]
}

/** What was found on a server beside what is expected there. */
export function grade(expected: Expected, server: ServerKind, keySets: readonly DiscoveredKeySet[]): Graded {
  const must = expected.keySets.filter(({ on }) => on === undefined || on.includes(server))
  const may = expected.keySets.filter((each) => !must.includes(each) && each.may?.includes(server))
  const found = [...must, ...may].flatMap((one) => {
    const keySet = keySets.find(({ id }) => isExpected(one, id))
    return keySet ? [{ expected: one, keySet }] : []
  })
  const unexpected = keySets.filter(({ id }) => ![...must, ...may].some((one) => isExpected(one, id)))
  const why = (id: string) => expected.negatives.find((each) => isSame(each.id, id))?.why ?? ''
  return {
    expected: must,
    found,
    missed: must.filter((one) => !found.some((each) => each.expected === one)),
    alarms: unexpected.map((keySet) => ({ keySet, why: why(keySet.id) })),
    remarks: found.flatMap(remarksOn),
  }
}

const isExpected = (one: ExpectedKeySet, id: string): boolean =>
  [one.id, ...(one.also ?? [])].some((each) => isSame(each, id))

function remarksOn({ expected, keySet }: Graded['found'][number]): string[] {
  const { id, idiom, nulls, isolation } = keySet
  const idioms = [expected.idiom].flat()
  return [
    ...(idioms.includes(idiom) ? [] : [`${id}: ${idiom}, not ${idioms.join(' or ')}`]),
    ...(expected.nulls === undefined || expected.nulls === nulls
      ? []
      : [`${id}: NULLs ${nulls}, not ${expected.nulls}`]),
    ...(expected.isolation === undefined || expected.isolation === isolation ? [] : [`${id}: isolation ${isolation}`]),
  ]
}

/** The same key set: a schema counts only where both have one; in predicates, quotes and case don't count. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)]
  const schemas = a.schema === '' || b.schema === '' || a.schema === b.schema
  return schemas && a.table === b.table && a.members === b.members && a.predicate === b.predicate
}

const name = `"(?:[^"]|"")*"|[^."(]+`
const grammar = new RegExp(String.raw`^(?:(${name})\.)?(${name})\((.*?)\)(?:\[(.*)\])?$`, 's')

function partsOf(id: string) {
  const [, schema = '', table = '', members = '', predicate = ''] = grammar.exec(id) ?? []
  if (table === '') throw new Error(`not the id of a key set: ${id}`)
  const plain = (text: string) => text.replaceAll('"', '')
  const sorted = plain(members).split(',').sort().join()
  return { schema: plain(schema), table: plain(table), members: sorted, predicate: plain(predicate).toLowerCase() }
}
