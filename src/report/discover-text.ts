import type { NotAKeySet, Race } from '../model/profile.js'
import { number, plural } from '../model/words.js'
import type { DiscoverReport, ReportedDiscovery } from './discover-report.js'
import { type Cell, type Terminal, type TextOptions, terminal } from './terminal.js'

const MOST = 25

/** `discover` for people. */
export function discoverText(report: DiscoverReport, options: TextOptions): string {
  const out = terminal(options)
  const blocks = [
    out.prose(opening(report)),
    keySetTable(report, out),
    ...report.keySets.slice(0, MOST).map((one) => details(one, out)),
    report.keySets.length > MOST
      ? out.prose(`How sure the other ${number(report.keySets.length - MOST)} are, and why: --json has it.`)
      : [],
    reasons('Looked like it, and is none', report.dropped, out),
    reasons('Not analysed', report.statements.notAnalysed, out),
    listed('Notes', report.notes, out),
    next(report, out),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function opening({ statements, keySets, sources }: DiscoverReport): string {
  const from = sources.length === 1 && sources[0] ? sources[0].name : plural(sources.length, 'source', 'sources')
  const analysed = statements.analysed === statements.read ? '' : `, ${number(statements.analysed)} analysed`
  return `${plural(statements.read, 'statement', 'statements')} of ${from} read${analysed}: ${plural(keySets.length, 'key set', 'key sets')} that the application looks up before it inserts.`
}

function keySetTable({ keySets, database }: DiscoverReport, out: Terminal): string[] {
  if (keySets.length === 0) return []
  const judged = database !== null
  const head = [
    { title: 'KEY SET' },
    { title: 'GRADE' },
    { title: 'LOOKUPS', right: true },
    { title: 'INSERTED', right: true },
    { title: 'RACES', right: true },
    ...(judged ? [{ title: 'VERDICT' }, { title: 'SURPLUS ROWS', right: true }] : []),
  ]
  return out.table(
    head,
    keySets.map((one) => [
      one.verdict?.id ?? one.id,
      { text: one.evidence.grade, color: one.evidence.grade <= 'B' ? 'bold' : 'dim' },
      number(one.evidence.lookups),
      number(one.evidence.pairs || one.evidence.inserts),
      { text: number(one.evidence.races), color: one.evidence.races > 0 ? 'red' : 'dim' },
      ...(judged ? verdictCells(one, out) : []),
    ]),
  )
}

function verdictCells({ verdict }: ReportedDiscovery, out: Terminal): Cell[] {
  if (verdict === null) return [{ text: 'not judged', color: 'dim', span: 2 }]
  const { duplicates } = verdict
  const counted = duplicates?.counted ? duplicates.surplusRows : null
  const surplus: Cell =
    counted === null ? { text: '?', color: 'dim' } : { text: number(counted), color: counted > 0 ? 'red' : 'dim' }
  return [out.verdict(verdict.protection), surplus]
}

function details({ id, verdict, evidence, idiom }: ReportedDiscovery, out: Terminal): string[] {
  const { windowMs, endpoints, constraints, raceExamples, grade, kind } = evidence
  const source = kind === 'log' ? 'logs' : 'statement statistics'
  const facts = [
    ...evidence.because,
    ...(windowMs === null
      ? []
      : [
          `Between lookup and INSERT ${duration(windowMs.p50)} in the middle, ${duration(windowMs.p95)} for 95 %, ${duration(windowMs.max)} at most.`,
        ]),
    ...(constraints.length === 0 ? [] : [`Violations of ${constraints.join(', ')} were seen.`]),
    ...(endpoints.length === 0
      ? []
      : [`Sent by ${endpoints.slice(0, 5).join(', ')}${endpoints.length > 5 ? ' …' : ''}.`]),
    ...raceExamples.slice(0, 2).map(raceWords),
  ]
  const title = `${out.heading(verdict?.id ?? id)} ${out.paint(`grade ${grade} from ${source}, ${idiom}`, 'dim')}`
  return [title, ...facts.flatMap((one) => out.item(one))]
}

function raceWords({ at, sessions, key, outcome }: Race): string {
  const values = Object.entries(key).map(([column, value]) => `${column} = ${value ?? 'NULL'}`)
  const end = outcome === 'two-rows' ? 'both inserted' : 'one got a unique violation'
  return `A race${at === null ? '' : ` at ${at}`}: sessions ${sessions.join(' and ')} looked up ${values.join(', ')}, and ${end}.`
}

/** `3 ms`, `1.2 s`, `4 min`. */
function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}

function reasons(heading: string, all: readonly NotAKeySet[], out: Terminal): string[] {
  if (all.length === 0) return []
  return [
    out.heading(heading),
    ...all.flatMap(({ reason, count, example }) =>
      out.item(`${reason.replaceAll('-', ' ')}, ${number(count)} ×: ${example}`),
    ),
  ]
}

function listed(heading: string, sentences: readonly string[], out: Terminal): string[] {
  return sentences.length === 0 ? [] : [out.heading(heading), ...sentences.flatMap((one) => out.item(one))]
}

function next({ written, profile, keySets, belowGrade, database }: DiscoverReport, out: Terminal): string[] {
  const lines = profile === null ? [] : out.prose(`${profile} written: profiles of other runs can be merged with it.`)
  if (written !== null) return [...lines, ...writtenLines(written, belowGrade, out)]
  const open = keySets.filter(({ declared }) => !declared)
  if (open.length === 0) return lines
  return [
    ...lines,
    ...out.prose(
      `Next: ${plural(open.length, 'key set is', 'key sets are')} not in the configuration yet. To add ${open.length === 1 ? 'it' : 'them'}:`,
    ),
    ...out.code('goc-audit discover … --write'),
    ...(database === null ? out.prose('With --url, the same run says which of them the database protects.') : []),
  ]
}

function writtenLines(
  { file, added, present }: NonNullable<DiscoverReport['written']>,
  belowGrade: number,
  out: Terminal,
): string[] {
  const kept = present === 0 ? '' : ` ${plural(present, 'was', 'were')} there already.`
  const left =
    belowGrade === 0
      ? ''
      : ` ${plural(belowGrade, 'is', 'are')} left out as not sure enough; --min-grade D writes ${belowGrade === 1 ? 'it' : 'them'} too.`
  if (added.length === 0) return out.prose(`${file} is as it was: there is nothing to add.${kept}${left}`)
  return [
    ...out.prose(`${plural(added.length, 'key set', 'key sets')} added to ${file}.${kept}${left} Check them, then:`),
    ...out.code('goc-audit scan'),
  ]
}
