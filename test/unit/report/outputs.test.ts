import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as actions from '@actions/core'
import { default as Ajv04 } from 'ajv-draft-04'
import { default as formats } from 'ajv-formats'
import { HtmlValidate } from 'html-validate'
import ts from 'typescript'
import { describe, expect, test, vi } from 'vitest'
import { inert, OUTPUT_KINDS } from '../../../src/cli/outputs.js'
import { githubSummary, type OutputKind, outputs } from '../../../src/report/outputs/index.js'
import type { Report } from '../../../src/report/report.js'
import { audited, counts } from '../../support/audited.js'
import {
  hostileReport,
  incompleteReport,
  options,
  reportOf,
  reportOfMany,
  richReport,
  withPast,
} from '../../support/output-samples.js'
import { schemaErrors } from '../../support/schemas.js'

const kinds = Object.keys(outputs) as OutputKind[]
const render = (kind: OutputKind, report: Report) =>
  outputs[kind](report, { ...options, text: { width: 100, color: false } })

const reports: Readonly<Record<string, Report>> = {
  'nothing found': reportOf([]),
  'every rule': richReport(),
  'a baseline and history': withPast(richReport()),
  'an incomplete scan': incompleteReport(),
  'hostile names': hostileReport(),
  '300 findings': withPast(reportOfMany(300)),
}

const sarifSchema = sarifValidator()

test('the kinds of --output are the renderers that there are', () => {
  expect([...OUTPUT_KINDS].sort()).toEqual([...kinds].sort())
})

describe.each(Object.entries(reports))('of %s', (_, report) => {
  test('SARIF fits the schema of OASIS', () => {
    const log = JSON.parse(render('sarif', report))
    sarifSchema(log)
    expect(sarifSchema.errors ?? []).toEqual([])
    const [run] = log.runs
    expect(run.results.length).toBe(
      report.databases.reduce((n, one) => n + one.findings.length + one.ignored.length, 0),
    )
    for (const one of run.results) expect(run.tool.driver.rules[one.ruleIndex].id).toBe(one.ruleId)
    expect(run.invocations[0].executionSuccessful).toBe(report.complete)
  })

  test('JSON fits our own schema', () => {
    expect(schemaErrors('scan', JSON.parse(render('json', report)))).toEqual([])
  })

  test("GitLab's issues have the types of Code Climate, and fingerprints of their own", () => {
    const issues = JSON.parse(render('gitlab', report)) as { fingerprint: string; location: { path: string } }[]
    expect(typeErrors(issues)).toEqual([])
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
    for (const { location } of issues) expect(location.path).not.toMatch(/^[/.]{2}|^\//)
  })

  test("GitHub's own library writes the same annotations", () => {
    const text = render('github', report)
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
    for (const line of lines) expect(rewritten(line)).toBe(line)
    for (const level of ['error', 'warning', 'notice'])
      expect(lines.filter((line) => line.startsWith(`::${level} `)).length).toBeLessThanOrEqual(10)
  })

  test('HTML is valid', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:recommended', 'html-validate:a11y'],
      rules: { 'long-title': 'off', 'no-raw-characters': ['error', { relaxed: true }], 'no-inline-style': 'error' },
    })
    const { results } = await validator.validateString(render('html', report))
    const messages = results.flatMap((one) =>
      one.messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`),
    )
    expect([...new Set(messages)].slice(0, 10)).toEqual([])
  })
})

describe('what is hostile stays text', () => {
  const texts = kinds.map((kind) => [kind, render(kind, hostileReport())] as const)

  test.each(texts)('%s holds no control, escape or bidirectional character', (_, text) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
  })

  test.each(texts.filter(([kind]) => !['text', 'markdown', 'github'].includes(kind)))(
    'in %s no line is a command for a CI server',
    (_, text) => {
      expect(text).not.toMatch(/^\s*::/m)
      expect(text).not.toContain('##[')
    },
  )

  test('HTML has no element and no attribute of theirs', () => {
    const text = render('html', hostileReport())
    expect(text.match(/<script/g)?.length).toBe(1)
    expect(text).not.toMatch(/<(img|evil)/)
    for (const tag of text.match(/<[a-z][^>]*>/g) ?? []) expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son|'/)
  })

  test.each(['text', 'markdown'] as const)('nor in %s on standard output', (kind) => {
    const printed = inert(render(kind, hostileReport()))
    expect(printed).not.toMatch(/^\s*::/m)
    expect(printed).not.toContain('##[')
  })

  test('an annotation is one line', () => {
    const lines = render('github', hostileReport()).trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) [^:]*::/)
  })
})

describe('values', () => {
  const shown = (showValues: boolean) => {
    const samples = [{ key: { email: 'ada.lovelace@example.org' }, rows: 2, differingColumns: [] }]
    return reportOf([audited({ duplicates: counts(1, 1, { samples }) })], showValues)
  }

  test.each(kinds)('%s never has them unless they are asked for', (kind) => {
    expect(render(kind, shown(false))).not.toContain('lovelace')
  })

  test('HTML shows them with --show-values', () => {
    expect(render('html', shown(true))).toContain('ada.lovelace@example.org')
  })
})

test('sizes are kept: a comment on GitHub, a summary of a job', () => {
  const many = reportOfMany(5000)
  const comment = render('markdown', many)
  expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(65_536)
  expect(comment).toMatch(/more findings are left out here/)
  const summary = githubSummary(many, options)
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024)
  expect(summary.length).toBeGreaterThan(900_000)
  expect(Buffer.byteLength(render('html', many))).toBeLessThan(8_000_000)
  expect(Buffer.byteLength(render('markdown', hostileReport()))).toBeLessThanOrEqual(65_536)
})

test('a fingerprint stays when counts, order and the file do', () => {
  const prints = (report: Report) =>
    (JSON.parse(render('sarif', report)).runs[0].results as { partialFingerprints: unknown }[])
      .map((one) => JSON.stringify(one.partialFingerprints))
      .sort()
  const report = richReport()
  const moved = {
    ...report,
    databases: report.databases.map((one) => ({
      ...one,
      findings: [...one.findings]
        .reverse()
        .map((finding) => ({ ...finding, message: 'x', location: { file: 'y.yml', line: 1, column: 1 } })),
    })),
  }
  expect(prints(moved)).toEqual(prints(report))
})

test('what the baseline knows fails nothing, and is told all the same', () => {
  const report = withPast(richReport())
  const known = {
    ...report,
    databases: report.databases.map((one) => ({
      ...one,
      findings: one.findings.map((finding) => ({ ...finding, status: 'known' as const })),
    })),
  }
  expect(render('junit', known)).not.toContain('<failure')
  expect(render('github', known)).toBe('')
  expect(render('html', known)).toContain('Nothing fails the check.')
  expect(render('markdown', known)).toContain('known findings are accepted by the baseline')
  expect(JSON.parse(render('sarif', known)).runs[0].results[0].baselineState).toBe('unchanged')
})

test('an incomplete scan is marked in every output', () => {
  for (const kind of kinds) expect(render(kind, incompleteReport())).toMatch(/incomplete|"complete": false/i)
  expect(render('junit', incompleteReport())).toContain('<error type="incomplete"')
})

function sarifValidator() {
  const ajv = new Ajv04.default({ strict: false, allErrors: true, unicodeRegExp: false })
  formats.default(ajv)
  const folder = dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'))
  return ajv.compile(JSON.parse(readFileSync(join(folder, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')))
}

/** The issues as a literal that TypeScript checks against the package's own declarations. */
function typeErrors(issues: readonly unknown[]): string[] {
  const file = join(import.meta.dirname, 'issues.ts')
  const text = `import type { Issue } from 'codeclimate-types'\nexport const issues: readonly Issue[] = ${JSON.stringify(issues)}`
  const settings: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(settings)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], settings, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

/** Taken apart as the runner does, then written by the library of GitHub. */
function rewritten(line: string): string {
  const [, command = '', list = '', message = ''] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? []
  const back = (text: string) =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%25', '%')
  const properties = list
    .split(',')
    .map((pair): [string, string] => [pair.split('=')[0] ?? '', back(pair.split('=').slice(1).join('='))])
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  try {
    const { title = '', file, line: startLine, col } = Object.fromEntries(properties)
    const place = {
      title,
      ...(file !== undefined && { file, startLine: Number(startLine), startColumn: Number(col) }),
    }
    const write = { error: actions.error, warning: actions.warning, notice: actions.notice }[command]
    write?.(back(message), place)
    return String(written.mock.calls[0]?.[0]).replace(/\r?\n$/, '')
  } finally {
    written.mockRestore()
  }
}
