import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { FixReport } from '../../../src/report/fix-report.js'
import { fixText } from '../../../src/report/fix-text.js'
import {
  cartSample,
  declaredTag,
  fixReport,
  nothingPlanned,
  plannedFix,
  planTable,
  samplePlan,
  sqlFiles,
  undecidedGroups,
} from '../../support/planned-fix.js'

const text = (report: FixReport, width = 80, color = false): string => fixText(report, { width, color })

describe.each([80, 120])('at %i columns', (width) => {
  test('a plan with something of everything', async () => {
    await expect(text(fixReport(), width)).toMatchFileSnapshot(`fix-${width}.txt`)
  })

  test('no line of prose is wider', () => {
    const lines = text(fixReport(), width).split('\n')
    expect(lines.filter((line) => stringWidth(line) > width && !/CREATE|table:/.test(line))).toEqual([])
  })
})

test('written files, with how to run them', async () => {
  const fix = plannedFix({ undecided: [], refused: [], suspected: [], warnings: [] })
  await expect(text(fixReport(fix, { emitted: sqlFiles }))).toMatchFileSnapshot('fix-written.txt')
})

test('files of a framework come with its own notes', () => {
  const files = [{ path: "it's/0007_goc_audit.py", kind: 'up' as const, order: 1 }]
  const notes = ['The model Cart needs the constraint too:\n\n    class Meta:\n        constraints = []']
  const shown = text(fixReport(plannedFix(), { emitted: { format: 'django', files, notes } }))
  expect(shown).toMatch(/- it's\/0007_goc_audit.py, to do it.*\n {6}python manage.py migrate/)
  expect(shown).toMatch(/The model Cart .*\n\n {6}class Meta:\n/)
  expect(shown).not.toContain('psql')
})

test('a path that a shell would take apart is quoted', () => {
  const files = [{ path: "it's/a.up.sql", kind: 'up' as const, order: 1 }]
  const shown = text(fixReport(plannedFix(), { emitted: { ...sqlFiles, files } }))
  expect(shown).toContain("psql -v ON_ERROR_STOP=1 -f 'it'\\''s/a.up.sql'")
})

describe('without a plan', () => {
  test('since everything is protected', () => {
    const shown = text(fixReport(plannedFix({ ...nothingPlanned, undecided: [], refused: [] })))
    expect(shown).toContain('Nothing to fix: the database protects every key set already.')
    expect(shown).not.toMatch(/Suspected|Warnings|--emit-migration/)
  })

  test('since nothing is decided', () => {
    const shown = text(fixReport(plannedFix({ ...nothingPlanned, refused: [] })))
    expect(shown).toContain('There is no plan: no key set is left that could be fixed.')
    expect(shown).toContain('Suspected references')
    expect(shown).not.toContain('--emit-migration')
  })
})

describe('sample groups', () => {
  const lines = (report: FixReport, width = 80) => text(report, width).split('\n')
  const line = (shown: readonly string[], start: string) => shown.find((each) => each.trim().startsWith(start)) ?? ''

  test('mark what differs, masked', () => {
    const shown = lines(fixReport())
    expect(line(shown, '5 ROWS')).toMatch(/5 ROWS +SURVIVOR +SURPLUS +SURPLUS \+2 +RESULT/)
    expect(line(shown, '≠ note')).toMatch(/xxx xxx +NULL +xxx xxx, 9 xxxx… +kept/)
    expect(line(shown, '≠ quantity')).toMatch(/9 +9 +9 +sum$/)
    expect(line(shown, 'session_id')).toMatch(/^ {4}session_id +xxx-999 +xxx-999 +xxx-999$/)
    expect(shown).toContain('    the same in all of them: kind')
  })

  test('show values when asked for', () => {
    const shown = lines(fixReport(plannedFix(), { showValues: true }), 120)
    expect(line(shown, '≠ note')).toMatch(/Ann Lee +NULL +Ann Lee, 1 High Street +kept/)
    expect(shown.join('\n')).not.toContain('masked')
  })

  test('leave rows out where there is no room', () => {
    const shown = lines(fixReport(), 60)
    expect(line(shown, '5 ROWS')).toMatch(/SURVIVOR +SURPLUS \+3 +RESULT/)
  })
})

describe('hostile names and values', () => {
  const hostile = 'a\r\n\u001b[31m\u009b2J\u202eb\u2066\u0007\u{e0041}'
  const sample = { rows: 2, shown: [{ [hostile]: hostile }, { [hostile]: `${hostile}b` }] }
  const table = planTable(hostile, [hostile], {
    keys: [{ ...(samplePlan.tables[0]?.keys[0] as (typeof samplePlan.tables)[0]['keys'][0]), label: hostile }],
    merge: [{ column: hostile, policy: 'sum', implicit: true }],
  })
  const fix = plannedFix({
    database: { name: hostile, dialect: hostile, flavour: hostile, version: hostile },
    plan: {
      ...samplePlan,
      ...{ name: hostile, archive: hostile, tables: [table, table, table] },
      references: samplePlan.references.map((each) => ({ ...each, columns: [hostile], foreignKey: hostile })),
      uniqueness: samplePlan.uniqueness.map((each) => ({ ...each, name: hostile, members: hostile })),
    },
    rehearsal: {
      tables: [1, 2, 3].map(() => ({
        ...{ rows: 9, surplusRows: 1, groups: 1, largestGroup: 2, changedRows: 1, byKey: [1] },
        samples: [sample, cartSample],
      })),
      repointed: [1, 1, 1],
      undecided: [],
      problems: [],
    },
    undecided: [
      {
        keySet: declaredTag.id,
        groups: [undecidedGroups({ table: hostile, columns: [hostile], samples: [sample] }), undecidedGroups()],
        problems: [hostile],
      },
    ],
    refused: [{ keySet: hostile, reason: hostile, advice: hostile }],
    suspected: [{ schema: hostile, table: hostile, column: hostile, to: hostile }],
    warnings: [hostile],
  })
  const location = { file: hostile, line: 1, column: 1 }
  const declared = [{ ...declaredTag, keySet: { ...declaredTag.keySet, location } }]
  const files = [{ path: hostile, kind: 'up' as const, order: 1 }]
  const emitted = { format: 'sql', files, notes: [hostile] }
  const report = fixReport(fix, { showValues: true, declared, emitted })

  test('reach a plain terminal only in visible form', () => {
    expect(text(report).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u)
  })

  test('in colour, only our own colours come through', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escapes that we write
    const rest = text(report, 80, true).replaceAll(/\u001b\[(1|2|22|31|32|33|35|36|39)m|\n/g, '')
    expect(rest).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(rest).toContain('\\u{1b}[31m')
  })
})
