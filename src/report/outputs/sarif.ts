import type { Severity } from '../../model/audit.js'
import { visible, visibleLines } from '../../model/visible.js'
import type { DatabaseReport, Report, ReportedFinding } from '../report.js'
import type { RulePage } from '../rule-text.js'
import {
  type Found,
  fingerprint,
  gaps,
  INCOMPLETE,
  jsonText,
  type OutputOptions,
  placeOf,
  worstFirst,
} from './common.js'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const HOME = 'https://www.npmjs.com/package/goc-audit'

/** SARIF 2.1.0 (OASIS), one run over all databases. */
export function sarif(report: Report, options: OutputOptions): string {
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driver(report, options) },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          '%SRCROOT%': { description: { text: 'The root of the repository that holds the configuration.' } },
        },
        invocations: [invocation(report, options)],
        results: [
          ...worstFirst(report).map((found) => result(found, report, options)),
          ...report.databases.flatMap((database) =>
            database.ignored.map(({ reason, ...finding }) => ({
              ...result({ finding: { ...finding, suggestion: '' }, database, keySet: undefined }, report, options),
              suppressions: [{ kind: 'external', status: 'accepted', justification: visible(reason) }],
            })),
          ),
        ],
      },
    ],
  }
  return jsonText(log)
}

function driver({ tool }: Report, { rules }: OutputOptions) {
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    informationUri: HOME,
    rules: rules.map((rule) => describeRule(rule, tool.version)),
  }
}

function describeRule({ id, severity, title, docs }: RulePage, version: string) {
  const sections = [
    ['Why it matters', docs.why],
    ['What to do', docs.todo],
  ] as const
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: docs.what },
    help: {
      text: [docs.what, ...sections.map(([heading, text]) => `${heading}: ${text}`)].join('\n\n'),
      markdown: [docs.what, ...sections.map(([heading, text]) => `**${heading}.** ${text}`), example(docs.bad)].join(
        '\n\n',
      ),
    },
    helpUri: `https://unpkg.com/goc-audit@${version}/docs/rules.md#${id}`,
    defaultConfiguration: { level: severity },
    properties: { tags: ['database', 'concurrency', 'data-integrity'], 'problem.severity': problem(severity) },
  }
}

// GitHub sorts by it; it says "recommendation" for what SARIF calls a note.
function problem(severity: string): string {
  return severity === 'note' ? 'recommendation' : severity
}

function example({ sql, keySet }: RulePage['docs']['bad']): string {
  const [first, ...rest] = keySet.split('\n')
  const item = [`  - ${first}`, ...rest.map((line) => `    ${line}`)].join('\n')
  return `Reported:\n\n\`\`\`sql\n${sql}\n\`\`\`\n\n\`\`\`yaml\nkeysets:\n${item}\n\`\`\``
}

function result(found: Found, report: Report, options: OutputOptions) {
  const { finding, database } = found
  const place = placeOf(finding.location, options)
  const ruleIndex = options.rules.findIndex(({ id }) => id === finding.rule)
  return {
    ruleId: finding.rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: finding.severity satisfies Severity,
    message: { text: messageOf(finding) },
    partialFingerprints: { 'gocAuditFinding/v1': fingerprint(finding.id, database, report) },
    locations: [
      {
        ...(place && {
          physicalLocation: {
            artifactLocation: {
              uri: uri(place.path),
              uriBaseId: '%SRCROOT%',
            },
            region: { startLine: place.line, startColumn: place.column },
          },
        }),
        logicalLocations: [logical(found)],
      },
    ],
    ...baseline(finding),
    properties: {
      database: visible(database.database.name),
      ...(finding.change && { change: visible(finding.change) }),
    },
  }
}

/** Half a character, which no URI can hold, becomes U+FFFD. */
function uri(path: string): string {
  const whole = Buffer.from(path).toString()
  return whole.split('/').map(encodeURIComponent).join('/')
}

/** Plain text; what would read as a link to somewhere else is taken apart. */
function messageOf({ message, suggestion }: ReportedFinding): string {
  const todo = suggestion === '' ? '' : `\n\nWhat to do:\n${suggestion}`
  return visibleLines(`${message}${todo}`).replaceAll('](', '] (')
}

function logical({ finding, keySet, database }: Found) {
  if (keySet === undefined) return { name: visible(finding.keySet), fullyQualifiedName: visible(finding.keySet) }
  const path = [database.database.name, keySet.schema, keySet.table].filter((part) => part !== '')
  return {
    name: visible(keySet.table),
    fullyQualifiedName: visible(`${path.join('.')}(${keySet.columns.join(',')})`),
    kind: 'table',
  }
}

// SARIF has no word for what grew: it is there still, and has changed.
const STATE = { new: 'new', known: 'unchanged', worse: 'updated' } as const

function baseline(finding: ReportedFinding) {
  if (finding.status === undefined) return {}
  return { baselineState: STATE[finding.status] }
}

function invocation(report: Report, { at }: OutputOptions) {
  const notifications = report.databases.flatMap((database) => notificationsOf(database, report))
  return {
    executionSuccessful: report.complete,
    endTimeUtc: at,
    ...(report.complete ? {} : { exitCodeDescription: INCOMPLETE }),
    toolExecutionNotifications: notifications,
  }
}

function notificationsOf(database: DatabaseReport, { several }: Report) {
  const prefix = several ? `${visible(database.database.name)}: ` : ''
  const note = (level: Severity, text: string) => ({
    level,
    message: { text: `${prefix}${text}`.replaceAll('](', '] (') },
  })
  return [
    ...gaps(database).map((text) => note(database.complete ? 'note' : 'error', text)),
    ...database.notes.map((text) => note('note', visible(text))),
  ]
}
