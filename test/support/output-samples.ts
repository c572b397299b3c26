import type { AuditedKeySet } from '../../src/model/audit.js'
import { buildReport } from '../../src/report/build.js'
import type { OutputOptions } from '../../src/report/outputs/index.js'
import type { Report } from '../../src/report/report.js'
import { findingsFor, rules } from '../../src/rules/index.js'
import { sampleAudit } from './audit-samples.js'
import { audited, counts, facts, index } from './audited.js'
import { samples } from './audited-samples.js'

export const options: OutputOptions = {
  rules,
  failOn: 'error',
  at: '2026-06-01T03:15:00.000Z',
  inRepository: (file) => (file.startsWith('..') ? null : file),
}

const tool = { name: 'goc-audit', version: '0.1.0' }

/** Every verdict and every rule. */
export function richReport(): Report {
  const keySets = Object.entries(samples).map(([name, sample], at) => {
    const { resolved, duplicates } = sample
    const references = [
      { from: 'public.cart_item(cart_id)', rows: 9 },
      { from: 'public.payment(cart_id)', rows: 3 },
    ]
    return {
      ...sample,
      duplicates: name === 'missing-unique' && duplicates.counted ? { ...duplicates, references } : duplicates,
      resolved: { ...resolved, id: `${resolved.id.slice(0, -1)},n${at})` },
    }
  })
  return reportOf(keySets)
}

export function reportOf(keySets: readonly AuditedKeySet[], showValues = false): Report {
  const audit = sampleAudit({ keySets, findings: findingsFor(keySets), notAnalysed: [] })
  return buildReport([audit], { tool, several: false, showValues })
}

/** So many findings, one or two for each key set, and a third as many key sets without any. */
export function reportOfMany(findings: number): Report {
  const keySets: AuditedKeySet[] = []
  const covered = facts(index('uq', ['session_id']), [[0]])
  for (let at = 0; keySets.length < findings / 1.5; at += 1) {
    const id = `public.${WORDS[at % WORDS.length]}_${at}(session_id,tenant_id)`
    const location = { file: '.goc-audit.yml', line: 7 + at * 3, column: 5 }
    const twins =
      at % 2 === 0 ? counts(1 + (at % 9), 1 + (at % 9) + ((at * 7) % 40), { bornWithinSecond: at % 2 }) : counts(0, 0)
    const remedy = { kind: 'plain' as const, sql: [`CREATE UNIQUE INDEX uq_${at} ON t_${at} (session_id, tenant_id);`] }
    keySets.push(audited({ id, keySet: { location }, duplicates: twins, remedy }))
  }
  for (let at = 0; at < findings / 3; at += 1) {
    const id = `public.safe_${at}(email)`
    keySets.push(
      audited({ id, facts: { indexes: [covered] }, verdict: { protection: 'full', coveredBy: [`uq_safe_${at}`] } }),
    )
  }
  const report = reportOf(keySets)
  const [database] = report.databases
  if (!database) throw new Error('a report has a database')
  return { ...report, databases: [{ ...database, findings: database.findings.slice(0, findings) }] }
}

const WORDS = ['cart', 'customer_address', 'invoice', 'tag', 'subscription', 'device_token', 'price']

/** With a baseline and the scans of two months. */
export function withPast(report: Report): Report {
  const status = ['known', 'known', 'new', 'worse'] as const
  const databases = report.databases.map((database) => ({
    ...database,
    findings: database.findings.map((finding, at) => {
      const one = status[at % 4] ?? 'known'
      return { ...finding, status: one, ...(one === 'worse' && { change: 'from 3 to 5 surplus rows' }) }
    }),
  }))
  const first = report.databases[0]?.keySets[0]?.id ?? ''
  const history = Array.from({ length: 60 }, (_, day) => {
    const surplusRows = Math.round(40 + day * 3 + 25 * Math.sin(day / 4))
    const at = new Date(Date.UTC(2026, 3, 2 + day, 3, 15)).toISOString()
    return { at, findings: 20 + (day % 5), surplusRows, keySets: { [first]: { surplusRows, groups: 3 } } }
  })
  return { ...report, databases, history }
}

export function incompleteReport(): Report {
  const audit = sampleAudit({ complete: false, failures: ['The connection was lost while public.cart was counted.'] })
  return buildReport([audit], { tool, several: false, showValues: false })
}

/** What must never be anything but text. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'a|b`c``d```e',
  ']]><evil/>',
  '\n::error::boom',
  '::set-output name=x::y',
  '##[error]boom',
  '%0A::error::boom%25',
  '\u001b[31mred\u001b]8;;http://evil.example\u0007',
  '\u202egnirts\u2066',
  '[click](https://evil.example/) ![x](https://evil.example/x.png)',
  '<!-- --> --> @octocat #1 :tada: https://evil.example www.evil.example',
  '\u0000\u0001\ufffe\uffff\ud800',
  '- [ ] # > 1. ***x*** ~~y~~ $x$ \\',
  '/close\n/label ~x',
] as const

/** Names, values, predicates, reasons and sentences that are all hostile. */
export function hostileReport(showValues = true): Report {
  const keySets = HOSTILE.map((name, at) =>
    audited({
      id: `public."${name}${at}"("${name}")[x = '${name}']`,
      table: { name },
      keySet: { location: { file: `dir/${name}.yml`, line: at + 1, column: 1 } },
      verdict: { reasons: [{ index: name, gap: 'extra-columns', detail: name, protection: 'none' }] },
      duplicates: counts(1, 1, {
        referencesToSurplus: 2,
        references: [{ from: name, rows: 2 }],
        samples: [{ key: { [name]: name }, rows: 2, differingColumns: [name] }],
        notes: [name],
      }),
      remedy: { kind: 'plain', sql: [`CREATE UNIQUE INDEX "${name}" ON "${name}" ("${name}");`], note: name },
    }),
  )
  const findings = findingsFor(keySets)
  const audit = sampleAudit({
    database: { name: HOSTILE.join(' '), dialect: HOSTILE[0], flavour: HOSTILE[1], version: HOSTILE[3] },
    complete: false,
    keySets,
    findings: findings.slice(1),
    ignored: findings.slice(0, 1).map((finding) => ({ ...finding, reason: HOSTILE.join(' ') })),
    notAnalysed: HOSTILE.map((name) => ({ reason: name, count: 2, example: name })),
    notes: HOSTILE,
    failures: HOSTILE,
  })
  return buildReport([audit], { tool, several: true, showValues })
}
