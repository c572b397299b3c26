import type { LookupPart, Protection } from '../model/verdict.js'
import type { ExplainedIndex, ExplainedPart, Explanation } from './explanation.js'
import { verdictWord } from './report.js'
import { type Terminal, type TextOptions, terminal } from './terminal.js'
import { duplicateLines } from './text-duplicates.js'

const PROTECTION: Readonly<Record<Protection, string>> = {
  full: 'full: at most one row per key looked up.',
  conditional: 'conditional: only a part of the rows that the lookup can mean is guarded.',
  degraded: 'degraded: duplicate rows are refused, but in a way that get-or-create code does not expect.',
  none: 'none: no index keeps two rows with the same key apart.',
  unknown: 'unknown: it could not be decided.',
}

const HAZARD = {
  lockout: 'lockout: an INSERT can fail for a key that the lookup does not find, every time.',
  'write-mismatch': 'write-mismatch: the stored value can differ from the one looked up.',
  'stale-retry': 'stale-retry: after a lost race the second lookup does not see the row that won.',
  'deadlock-prone': 'deadlock-prone: callers that race can deadlock on the index.',
} as const

/** `explain KEYSET` for people: each key set, then what went wrong. */
export function explanationsText(
  explanations: readonly Explanation[],
  failures: readonly string[],
  showsValues: boolean,
  options: TextOptions,
): string {
  const out = terminal(options)
  const failed = section(
    'This scan is incomplete',
    failures.flatMap((one) => out.item(one)),
    out,
  )
  const texts = explanations.map((one) => explanationText(one, showsValues, options))
  return [...texts, ...(failed.length > 0 ? [`${failed.join('\n')}\n`] : [])].join('\n\n')
}

export function explanationText(explanation: Explanation, showsValues: boolean, options: TextOptions): string {
  const out = terminal(options)
  const { keySet, database, remedy } = explanation
  const blocks = [
    [
      out.heading(keySet.id),
      ...out.prose(`in ${database.name}, ${database.flavour || database.dialect} ${database.version}`),
    ],
    verdictLines(explanation, out),
    section('What is looked up', lookupLines(explanation, out), out),
    section('Indexes, nearest first', indexesLines(explanation, out), out),
    section('Hazards', hazardLines(explanation, out), out),
    section(
      'Notes',
      explanation.notes.flatMap((one) => out.item(one)),
      out,
    ),
    section('Duplicate rows', duplicateLines(keySet.duplicates, showsValues, out), out),
    section('What to do', [...remedy.sql.flatMap((sql) => out.code(sql)), ...noteLines(remedy, out)], out),
    section(
      'Findings',
      explanation.findings.flatMap((id) => out.item(id)),
      out,
    ),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function noteLines({ sql, note }: Explanation['remedy'], out: Terminal): string[] {
  if (note === null) return []
  return out.prose(`${sql.length > 0 ? 'Mind: ' : ''}${note}.`, 2)
}

function section(title: string, lines: readonly string[], out: Terminal): string[] {
  return lines.every((line) => line.trim() === '') ? [] : [out.heading(title), ...lines]
}

function verdictLines({ keySet }: Explanation, out: Terminal): string[] {
  const { protection, condition, unknownBecause, coveredBy } = keySet
  const word = verdictWord(protection)
  const lines = [`Verdict: ${out.paint(word, COLOR[word])}`, ...out.prose(`Protection is ${PROTECTION[protection]}`, 2)]
  if (condition !== null) lines.push(...out.prose(`Guarded: ${condition}.`, 2))
  if (unknownBecause !== null) lines.push(...out.prose(`Unknown because ${unknownBecause}.`, 2))
  if (coveredBy.length > 0) lines.push(...out.prose(`By ${coveredBy.join(' and ')}.`, 2))
  return lines
}

const COLOR = { safe: 'green', conditional: 'yellow', unsafe: 'red', unknown: 'magenta' } as const

function lookupLines({ keySet, lookup, cases, isolation }: Explanation, out: Terminal): string[] {
  const lines = lookup.flatMap((part) => out.item(describePart(part)))
  if (keySet.baseTable)
    lines.push(...out.prose(`A view: judged and counted on ${keySet.baseTable.schema}.${keySet.baseTable.table}.`, 2))
  if (keySet.predicate !== null) lines.push(...out.prose(`Only rows where ${keySet.predicate}.`, 2))
  lines.push(...out.prose(`Written as ${keySet.idiom}${isolation === null ? '' : `, at ${isolation}`}.`, 2))
  const labels = cases.flatMap(({ label }) => (label === null ? [] : [label]))
  if (labels.length > 1) lines.push(...out.prose(`Judged case by case: ${labels.join('; ')}.`, 2))
  return lines
}

function describePart({ label, match, nullable, origin, nullLookedUp }: LookupPart): string {
  const facts = [match === 'exact' ? 'compared with =' : `compared by ${match}`]
  if (origin === 'fixed') facts.push("fixed by the lookup's condition")
  if (nullLookedUp === 'always') facts.push('always NULL')
  else if (!nullable) facts.push('never NULL')
  else facts.push(nullLookedUp === 'also' ? 'NULL is looked up too' : 'can be NULL, which nothing says is looked up')
  return `${label}: ${facts.join(', ')}`
}

function indexesLines(explanation: Explanation, out: Terminal): string[] {
  if (explanation.indexes.length === 0) return out.prose('There are none.', 2)
  return explanation.indexes.flatMap((one) => indexLines(one, explanation, out))
}

function indexLines(index: ExplainedIndex, { cases }: Explanation, out: Terminal): string[] {
  const lines = out.item(`${index.name}: ${index.definition}`)
  lines.push(...out.prose(index.covers ? 'Covers the key set.' : 'Does not cover the key set.', 4))
  for (const { gap, detail } of index.gaps) lines.push(...out.prose(`${gap}: ${detail}.`, 4))
  for (const part of index.parts.filter(({ relation }) => relation !== 'open'))
    lines.push(...out.prose(partText(part), 4))
  index.implied.forEach((answer, at) => {
    const label = cases[at]?.label
    if (answer !== 'yes')
      lines.push(...out.prose(`Does the lookup${label ? ` where ${label}` : ''} imply its condition? ${answer}.`, 4))
  })
  return lines
}

function partText({ part, lookup, relation, detail }: ExplainedPart): string {
  const than = { same: 'the same equality as', coarser: 'coarser than', finer: 'finer than' }[relation]
  const how = than ?? (relation === 'unknown' ? 'not known how it compares with' : 'neither finer nor coarser than')
  return `${part}: ${how} the lookup by ${lookup.join(', ')}${detail ? ` (${detail})` : ''}.`
}

function hazardLines({ keySet, writeMismatches }: Explanation, out: Terminal): string[] {
  return [
    ...keySet.hazards.flatMap((hazard) => out.item(HAZARD[hazard])),
    ...writeMismatches.flatMap(({ column, detail }) => out.prose(`${column}: ${detail}.`, 4)),
  ]
}
