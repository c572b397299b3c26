import type { DuplicateCounts } from '../../model/duplicates.js'
import { number, plural } from '../../model/words.js'
import {
  type DatabaseReport,
  type HistoryPoint,
  type Report,
  type ReportedFinding,
  type ReportedKeySet,
  verdictWord,
} from '../report.js'
import { declaredAt, fingerprint, keySetLabel, type OutputOptions, standing, titleOf } from './common.js'
import { plot, referenceGraph } from './html-charts.js'
import { code, mixed, paragraphs, pre, text } from './html-text.js'

export interface Row {
  readonly keySet: ReportedKeySet
  readonly database: DatabaseReport
  readonly findings: readonly ReportedFinding[]
}

type Context = { readonly report: Report; readonly options: OutputOptions }

/** Worst first. */
const VERDICTS = ['unsafe', 'conditional', 'unknown', 'safe'] as const
const GRAVITY = { error: 0, warning: 1, note: 2 } as const

/** Key sets of all databases with their findings; those that are safe and have none are left to a table. */
export function rowsOf(report: Report): Row[] {
  return report.databases.flatMap((database) => {
    const byKeySet = grouped(database.findings)
    return database.keySets.map((keySet) => ({ keySet, database, findings: byKeySet.get(keySet.id) ?? [] }))
  })
}

function grouped(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const groups = new Map<string, ReportedFinding[]>()
  for (const finding of findings) {
    const group = groups.get(finding.keySet)
    if (group) group.push(finding)
    else groups.set(finding.keySet, [finding])
  }
  return groups
}

export function keySetSections(rows: readonly Row[], context: Context): string {
  return VERDICTS.map((verdict) => {
    const own = rows.filter(({ keySet }) => verdictWord(keySet.protection) === verdict)
    if (own.length === 0) return ''
    const quiet = own.filter(({ keySet, findings }) => findings.length === 0 && !hasGroups(keySet))
    const told = own.filter((row) => !quiet.includes(row)).sort(worst)
    const list = told.length === 0 ? '' : `<ul class="sets">${told.map((row) => item(row, context)).join('\n')}</ul>`
    return `<section class="verdict" data-v="${verdict}" aria-labelledby="v-${verdict}"><h3 id="v-${verdict}"><span class="mark ${verdict}" aria-hidden="true"></span>${capital(verdict)} <span class="count">${number(own.length)}</span></h3>${list}${quietTable(quiet, verdict, context)}</section>`
  }).join('\n')
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

function worst(a: Row, b: Row): number {
  const gravity = ({ findings }: Row) => Math.min(3, ...findings.map(({ severity }) => GRAVITY[severity]))
  const accepted = ({ findings }: Row) => Number(findings.length > 0 && findings.every((one) => one.status === 'known'))
  return gravity(a) - gravity(b) || accepted(a) - accepted(b) || surplus(b.keySet) - surplus(a.keySet)
}

function hasGroups({ duplicates }: ReportedKeySet): boolean {
  return duplicates?.counted === true && duplicates.groups > 0
}

function surplus({ duplicates }: ReportedKeySet): number {
  return duplicates?.counted ? duplicates.surplusRows : 0
}

function item(row: Row, context: Context): string {
  const { keySet, database, findings } = row
  const anchor = `k-${fingerprint(keySet.id, database, context.report).slice(0, 12)}`
  const states = [...new Set(findings.flatMap(({ status }) => status ?? []))]
  const gravest = (['error', 'warning', 'note'] as const).filter((one) =>
    findings.some(({ severity }) => severity === one),
  )
  const tags = [
    ...gravest.map((one) => `<span class="tag ${one}">${one}</span>`),
    ...states.map((one) => `<span class="tag">${one}</span>`),
  ]
  const db = context.report.several ? `<span class="db">${text(database.database.name)}</span> ` : ''
  const data = `data-r="${[...findings.map(({ rule }) => rule), ...gravest, ...states].map(text).join(' ')}"`
  const head = `<summary>${db}${code(keySet.id)} <span class="tags">${tags.join('')}</span><span class="rows">${rowWords(keySet)}</span></summary>`
  return `<li ${data}><details id="${anchor}">${head}<div class="body">${body(row, context)}</div></details></li>`
}

function rowWords({ duplicates }: ReportedKeySet): string {
  if (duplicates === null) return ''
  if (!duplicates.counted) return 'not counted'
  if (duplicates.groups === 0) return 'no duplicate rows'
  return `${duplicates.exact ? '' : 'at least '}${plural(duplicates.surplusRows, 'surplus row')}`
}

function body({ keySet, database, findings }: Row, { report, options }: Context): string {
  const told = findings.map((finding) => describe(finding, database, report, options))
  const { duplicates } = keySet
  const place = declaredAt(keySet)
  const where = place ? `<p class="quiet">Declared at ${code(`${place.file}:${place.line}:${place.column}`)}.</p>` : ''
  const counts = duplicates?.counted && duplicates.groups > 0 ? rows(keySet, duplicates, report) : ''
  const uncounted = duplicates?.counted === false ? `<p>Not counted: ${text(duplicates.detail)}.</p>` : ''
  return `${told.join('')}${counts}${uncounted}${trend(keySet, report.history)}${where}`
}

/** What, why, and what to do. */
export function describe(
  finding: ReportedFinding,
  database: DatabaseReport,
  report: Report,
  options: OutputOptions,
): string {
  const state = standing(finding)
  const id = `f-${fingerprint(finding.id, database, report).slice(0, 12)}`
  const [what = '', ...why] = finding.message.split('\n')
  const tag = `<span class="tag ${finding.severity}">${finding.severity}</span>`
  const head = `<h4 id="${id}">${tag} ${text(titleOf(finding.rule, options.rules))}${state === '' ? '' : ` <span class="tag">${text(state)}</span>`} <a class="anchor" href="#${id}" aria-label="Link to this finding: ${text(finding.id)}">#</a></h4>`
  const because = why.length === 0 ? '' : `<p class="part">Why</p>${paragraphs(why.join('\n'))}`
  const todo = `<p class="part">What to do</p>${mixed(finding.suggestion)}`
  return `<div class="finding">${head}<p class="what">${text(what)}</p>${because}${todo}<p class="quiet">Rule <a href="#r-${text(finding.rule)}">${text(finding.rule)}</a></p></div>`
}

function rows(keySet: ReportedKeySet, counts: DuplicateCounts, report: Report): string {
  const facts: [string, string][] = [
    ['Duplicate groups', atLeast(counts, counts.groups)],
    ['Surplus rows', atLeast(counts, counts.surplusRows)],
    ['NULL keys', counts.nulls === 'excluded' ? 'not counted' : 'counted as equal'],
  ]
  if (counts.exact) {
    facts.push(['Largest group', plural(counts.largestGroup, 'row')])
    facts.push([
      'Identical / divergent',
      `${number(counts.identicalGroups)} / ${number(counts.divergentGroups)} groups`,
    ])
    facts.push(['A unique index would refuse', plural(counts.constraintSurplusRows, 'row')])
  }
  if (counts.bornWithinSecond !== null) facts.push(['Born within a second', plural(counts.bornWithinSecond, 'group')])
  if (counts.firstSeen !== null && counts.lastSeen !== null)
    facts.push([
      'Created',
      counts.firstSeen === counts.lastSeen ? counts.firstSeen : `${counts.firstSeen} to ${counts.lastSeen}`,
    ])
  const list = facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${text(value)}</dd></div>`).join('')
  const notes = counts.notes.map((note) => `<p class="quiet">${text(note)}</p>`).join('')
  return `<p class="part">Duplicate rows</p><dl class="facts">${list}</dl>${notes}${references(keySet, counts)}${sampleTable(counts, report)}`
}

function atLeast({ exact }: DuplicateCounts, value: number): string {
  return `${exact ? '' : 'at least '}${number(value)}`
}

function references(keySet: ReportedKeySet, counts: DuplicateCounts): string {
  const total = counts.referencesToSurplus
  if (total === null || total === 0) return ''
  const known = counts.references ?? []
  const { table } = keySet.baseTable ?? keySet
  const from = known.length > 0 ? known : [{ from: 'other tables', rows: total }]
  return `<p class="part">What points at surplus rows</p>${referenceGraph(table, counts.surplusRows, from)}`
}

function sampleTable({ samples }: DuplicateCounts, { showsValues }: Report): string {
  if (samples.length === 0) return ''
  const names = Object.keys(samples[0]?.key ?? {})
  const head = [...names, 'rows', 'differ in'].map((name) => `<th scope="col">${text(name)}</th>`).join('')
  const lines = samples.map(({ key, rows: size, differingColumns }) => {
    const values = names.map((name) => `<td>${value(key[name] ?? null)}</td>`).join('')
    const differ = differingColumns.length === 0 ? 'nothing outside the key' : text(differingColumns.join(', '))
    return `<tr>${values}<td class="n">${number(size)}</td><td>${differ}</td></tr>`
  })
  const caption = showsValues ? 'Sample groups' : 'Sample groups, values masked'
  return `<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`
}

function value(shown: string | null): string {
  if (shown === null) return '<span class="quiet">NULL</span>'
  return shown === '' ? '<span class="quiet">empty</span>' : code(shown)
}

/** The surplus rows of one key set over time, where they ever changed. */
function trend(keySet: ReportedKeySet, history: readonly HistoryPoint[] | undefined): string {
  const points = (history ?? []).flatMap(({ at, keySets }) => {
    const counts = Object.hasOwn(keySets, keySet.id) ? keySets[keySet.id] : undefined
    return counts ? [{ at, value: counts.surplusRows }] : []
  })
  if (points.length < 2 || points.every((point) => point.value === points[0]?.value)) return ''
  return `<p class="part">Surplus rows over time</p>${plot(points, 'Surplus rows')}`
}

/** Nothing to say of them but what they are. */
function quietTable(quiet: readonly Row[], verdict: string, { report }: Context): string {
  if (quiet.length === 0) return ''
  const lines = quiet.map(({ keySet, database }) => {
    const why =
      keySet.coveredBy.length > 0
        ? keySet.coveredBy.map(code).join(', ')
        : text(keySet.condition ?? keySet.unknownBecause ?? '')
    return `<tr data-r="${verdict}"><th scope="row">${code(keySetLabel(keySet.id, database, report))}</th><td>${why}</td></tr>`
  })
  const title = `${plural(quiet.length, 'key set')} without findings`
  return `<details class="quiets"${quiet.length <= 5 ? ' open' : ''}><summary>${title}</summary><div class="scroll" tabindex="0" role="group" aria-label="${title}, ${verdict}"><table><caption>${title}: ${verdict}</caption><thead><tr><th scope="col">Key set</th><th scope="col">Protected by</th></tr></thead><tbody>${lines.join('\n')}</tbody></table></div></details>`
}

/** Findings about the configuration, which belong to no key set that was scanned. */
export function otherFindings(report: Report, options: OutputOptions): string {
  const told = report.databases.flatMap((database) => {
    const ids = new Set(database.keySets.map(({ id }) => id))
    return database.findings
      .filter(({ keySet }) => !ids.has(keySet))
      .map(
        (finding) =>
          `<li><div class="body"><p>${code(keySetLabel(finding.keySet, database, report))}</p>${describe(finding, database, report, options)}</div></li>`,
      )
  })
  return told.length === 0
    ? ''
    : `<section aria-labelledby="other"><h2 id="other">About the configuration</h2><ul class="sets">${told.join('\n')}</ul></section>`
}

/** Of a rule: the page that `explain` prints, once for all its findings. */
export function rulePages(report: Report, { rules }: OutputOptions): string {
  const used = new Set(report.databases.flatMap(({ findings }) => findings.map(({ rule }) => rule)))
  const pages = rules.filter(({ id }) => used.has(id))
  if (pages.length === 0) return ''
  const shown = pages.map(
    ({ id, title, severity, docs }) =>
      `<details id="r-${text(id)}"><summary><code>${text(id)}</code> <span class="quiet">${text(title)}, ${text(severity)}</span></summary><div class="body"><p>${text(docs.what)}</p><p class="part">Why it matters</p><p>${text(docs.why)}</p><p class="part">What to do</p><p>${text(docs.todo)}</p><p class="part">Reported, for instance</p>${pre(docs.bad.sql)}</div></details>`,
  )
  return `<section aria-labelledby="rules"><h2 id="rules">Rules</h2>${shown.join('\n')}</section>`
}
