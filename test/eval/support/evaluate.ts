import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Discoverer, discover } from '../../../src/discovery/index.js'
import { readLogs } from '../../../src/logs/index.js'
import type { Discovery } from '../../../src/model/profile.js'
import type { StatementSink } from '../../../src/model/statement.js'
import { here, type ServerKind, wild } from './applications.js'
import { expectedOf, type Graded, grade } from './expected.js'
import { Sampled, Scrambled } from './variants.js'

/** `valueless`: statements one by one, of which most INSERTs came without the values that were bound to them. */
export type SourceClass = 'full' | 'pooled' | 'valueless' | 'statistics' | 'sampled'

export interface Evaluated extends Graded {
  readonly application: string
  readonly server: ServerKind
  readonly source: string
  readonly class: SourceClass
  readonly discovery: Discovery
}

export interface KeptLog {
  readonly path: string
  readonly application: string
  readonly server: ServerKind
  readonly source: string
}

const thresholds: Readonly<Record<SourceClass, { recall: number; precision: number }>> = {
  full: { recall: 1, precision: 0.9 },
  pooled: { recall: 0.9, precision: 0 },
  // What no value joins is left to statistics.
  valueless: { recall: 0, precision: 0 },
  statistics: { recall: 0.6, precision: 0 },
  sampled: { recall: 0, precision: 0 },
}

const classes: Readonly<Record<string, SourceClass>> = {
  bouncer: 'pooled',
  scrambled: 'pooled',
  pgss: 'statistics',
  digest: 'statistics',
  sampled: 'sampled',
}

export async function keptLogs(only = '*'): Promise<KeptLog[]> {
  const files = (await readdir(join(here, 'logs'))).sort()
  return files.flatMap((file) => {
    const [, application = '', server = '', source = ''] =
      /^(.+)-(postgres|mysql|mariadb)-(\w+)\.\w+\.gz$/.exec(file) ?? []
    if (application === '' || !wild(application, only)) return []
    return [{ path: join(here, 'logs', file), application, server: server as ServerKind, source }]
  })
}

/** Discovery on a kept log, and on what a pooler or sampling would have made of it. */
export async function evaluate(log: KeptLog): Promise<Evaluated[]> {
  const results = [await evaluateAs(log, log.source, (sink) => sink)]
  if (log.source === 'stderr' || log.source === 'general') {
    results.push(await evaluateAs(log, 'scrambled', (sink) => new Scrambled(sink)))
    results.push(await evaluateAs(log, 'sampled', (sink) => new Sampled(sink)))
  }
  return results
}

async function evaluateAs(
  { path, application, server }: KeptLog,
  source: string,
  through: (sink: StatementSink) => StatementSink,
): Promise<Evaluated> {
  const values = { with: 0, without: 0 }
  const discovery = await discoverIn(path, (sink) => counting(through(sink), values))
  const valueless = source === 'history' && values.without > values.with
  const graded = grade(await expectedOf(application), server, discovery.keySets)
  return {
    ...graded,
    application,
    server,
    source,
    class: valueless ? 'valueless' : (classes[source] ?? 'full'),
    discovery,
  }
}

/** Of INSERTs, how many came with their values. */
function counting(sink: StatementSink, values: { with: number; without: number }): StatementSink {
  return {
    statement(one) {
      if (/^\s*insert\b/i.test(one.text)) values[/\?/.test(one.text) ? 'without' : 'with'] += 1
      sink.statement(one)
    },
    failure: (one) => sink.failure(one),
    totals: (one) => sink.totals(one),
    unread: (reason, example) => sink.unread(reason, example),
  }
}

export async function discoverIn(
  path: string,
  through: (sink: StatementSink) => StatementSink = (sink) => sink,
): Promise<Discovery> {
  const sources: string[] = []
  const discoverer = new Discoverer({ sources })
  const { files } = await readLogs([path], { format: 'auto' }, through(discoverer))
  sources.push(...files.map(({ format }) => format))
  return discover(discoverer.finish())
}

export interface Total {
  readonly class: SourceClass
  readonly recall: number
  readonly precision: number
  readonly passes: boolean
}

/** Over all applications, per class of source; in full logs nothing may be missed anywhere. */
export function totals(results: readonly Evaluated[]): Total[] {
  return (Object.keys(thresholds) as SourceClass[]).flatMap((each) => {
    const of = results.filter((result) => result.class === each)
    if (of.length === 0) return []
    const { recall, precision } = rates(of)
    const passes = recall >= thresholds[each].recall && precision >= thresholds[each].precision
    return [{ class: each, recall, precision, passes }]
  })
}

/** Shares from 0 to 1; 1 where there is nothing to find, or nothing was reported. */
export function rates(results: readonly Graded[]): { readonly recall: number; readonly precision: number } {
  const sum = (count: (result: Graded) => number) => results.reduce((so, result) => so + count(result), 0)
  const expected = sum((result) => result.expected.length)
  const missed = sum(({ missed }) => missed.length)
  const [found, alarms] = [sum((result) => result.found.length), sum((result) => result.alarms.length)]
  return {
    recall: expected === 0 ? 1 : (expected - missed) / expected,
    precision: found + alarms === 0 ? 1 : found / (found + alarms),
  }
}
