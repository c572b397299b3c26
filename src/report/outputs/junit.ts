import { visible, visibleLines } from '../../model/visible.js'
import { number } from '../../model/words.js'
import type { DatabaseReport, Report, ReportedFinding, ReportedKeySet } from '../report.js'
import { verdictWord } from '../report.js'
import { declaredAt, fails, gaps, INCOMPLETE, type OutputOptions, standing, titleOf } from './common.js'

/**
 * JUnit XML in the form that Jenkins reads: a suite per database, a case per key set; it fails by its findings at or
 * above the threshold, and is skipped where it could not be judged. A scan that is incomplete has a case with an error.
 */
export function junit(report: Report, options: OutputOptions): string {
  const suites = report.databases.map((database) => suite(database, report, options))
  const total = (what: 'tests' | 'failures' | 'errors') => suites.reduce((sum, one) => sum + one[what], 0)
  const head = `<testsuites name="goc-audit" tests="${total('tests')}" failures="${total('failures')}" errors="${total('errors')}">`
  return `${['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites.map(({ xml }) => xml), '</testsuites>'].join('\n')}\n`
}

interface Case {
  readonly state: 'passed' | 'failed' | 'skipped' | 'error'
  readonly xml: string
}

function suite(report: DatabaseReport, whole: Report, options: OutputOptions) {
  const { database, keySets, findings } = report
  const ids = new Set(keySets.map(({ id }) => id))
  const others = [...new Set(findings.map(({ keySet }) => keySet))].filter((id) => !ids.has(id))
  const of = (id: string) => findings.filter(({ keySet }) => keySet === id)
  const cases = [
    ...keySets.map((keySet) => keySetCase(keySet, of(keySet.id), report, options)),
    // About the configuration: entries under `ignore:` that do nothing.
    ...others.map((id) => testCase(id, 'configuration', judge(of(id), options))),
    ...(report.complete ? [] : [incomplete(report)]),
  ]
  const count = (state: Case['state']) => cases.filter((one) => one.state === state).length
  const [tests, failures, errors] = [cases.length, count('failed'), count('error')]
  const name = attribute(database.name)
  const head = `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${count('skipped')}" timestamp="${options.at.slice(0, 19)}">`
  const properties = Object.entries({
    server: [database.flavour || database.dialect, database.version].filter(Boolean).join(' '),
    tool: `${whole.tool.name} ${whole.tool.version}`,
    complete: String(report.complete),
  }).map(([key, value]) => `      <property name="${key}" value="${attribute(value)}"/>`)
  const lines = [head, '    <properties>', ...properties, '    </properties>', ...cases.map(({ xml }) => xml)]
  return { tests, failures, errors, xml: [...lines, '  </testsuite>'].join('\n') }
}

function keySetCase(
  keySet: ReportedKeySet,
  findings: readonly ReportedFinding[],
  { database }: DatabaseReport,
  options: OutputOptions,
): Case {
  const failed = findings.some((finding) => fails(finding, options.failOn))
  const unjudged = keySet.protection === 'unknown' && !failed
  const body = unjudged
    ? { state: 'skipped' as const, lines: [`      <skipped>${content(whyUnknown(keySet, findings))}</skipped>`] }
    : judge(findings, options)
  const facts = [`${verdictWord(keySet.protection)}; ${countWords(keySet)}`]
  const location = declaredAt(keySet)
  if (location) facts.push(`${location.file}:${location.line}:${location.column}`)
  const lesser = unjudged ? [] : findings.filter((finding) => !fails(finding, options.failOn))
  facts.push(...lesser.map((finding) => `${finding.severity} ${finding.rule}${accepted(finding)}: ${finding.message}`))
  const out = `      <system-out>${content(facts.join('\n'))}</system-out>`
  return testCase(keySet.id, `${database.name}.${keySet.schema}.${keySet.table}`, {
    state: body.state,
    lines: [...body.lines, out],
  })
}

interface Body {
  readonly state: Case['state']
  readonly lines: readonly string[]
}

function judge(findings: readonly ReportedFinding[], { failOn, rules }: OutputOptions): Body {
  const failing = findings.filter((finding) => fails(finding, failOn))
  const lines = failing.map((finding) => {
    const state = standing(finding)
    const title = `${titleOf(finding.rule, rules)}${state === '' ? '' : ` (${state})`}`
    const text = `${finding.message}\n\nWhat to do:\n${finding.suggestion}`
    return `      <failure type="${attribute(finding.rule)}" message="${attribute(title)}">${content(text)}</failure>`
  })
  return { state: failing.length > 0 ? 'failed' : 'passed', lines }
}

function accepted({ status }: ReportedFinding): string {
  return status === 'known' ? ' (accepted by the baseline)' : ''
}

function testCase(name: string, classname: string, { state, lines }: Body): Case {
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(classname)}"`
  return { state, xml: lines.length === 0 ? `${head}/>` : [`${head}>`, ...lines, '    </testcase>'].join('\n') }
}

function incomplete(report: DatabaseReport): Case {
  const error = `      <error type="incomplete" message="${attribute(INCOMPLETE)}">${content(gaps(report).join('\n'))}</error>`
  return testCase('the scan is complete', report.database.name, { state: 'error', lines: [error] })
}

function whyUnknown({ unknownBecause }: ReportedKeySet, findings: readonly ReportedFinding[]): string {
  return findings.find(({ rule }) => rule === 'not-analysed')?.message ?? unknownBecause ?? 'It could not be judged.'
}

function countWords({ duplicates }: ReportedKeySet): string {
  if (duplicates === null) return 'nothing to count'
  if (!duplicates.counted) return `not counted: ${duplicates.detail}`
  const atLeast = duplicates.exact ? '' : 'at least '
  return `${atLeast}${number(duplicates.groups)} duplicate groups, ${number(duplicates.surplusRows)} surplus rows`
}

/** XML has no way to write U+FFFE and U+FFFF, nor most of what `visible` spells out. */
function escaped(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // What a CI server would take for commands of its own, if this is printed in a job.
      .replace(/^(\s*)::/gm, '$1&#58;:')
      .replaceAll('##[', '#&#35;[')
      .replace(/[\ufffe\uffff]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
  )
}

function attribute(text: string): string {
  return escaped(visible(text)).replaceAll('"', '&quot;')
}

function content(text: string): string {
  return escaped(visibleLines(text))
}
