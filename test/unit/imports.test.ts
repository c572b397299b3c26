import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Who may import whom; a folder may always import itself. */
const stages = [
  ...['config', 'logs', 'discovery', 'coverage', 'rules', 'duplicates', 'plan', 'emitters', 'report'],
  ...['baseline', 'history', 'snapshot'],
]
const mayImport: Readonly<Record<string, readonly string[]>> = {
  commands: ['cli', 'demo', 'init', 'audit', ...stages, 'model'],
  bin: ['cli'],
  cli: ['demo', 'init', 'audit', ...stages, 'model'],
  demo: ['audit', ...stages, 'dialects', 'dialects/postgres', 'model'],
  init: ['dialects', 'config', 'report', 'model'],
  audit: [...stages, 'dialects', 'model'],
  ...Object.fromEntries(stages.map((stage) => [stage, ['model']])),
  // Its index loads the dialect that a URL names.
  dialects: ['dialects/postgres', 'dialects/mysql', 'model'],
  'dialects/postgres': ['dialects', 'model'],
  'dialects/mysql': ['dialects', 'model'],
  model: [],
}
const drivers: Readonly<Record<string, RegExp>> = {
  'dialects/postgres': /^(pg|pg-[\w-]+|postgres|@electric-sql\/pglite.*)$/,
  'dialects/mysql': /^(mysql2?|mariadb)(\/.*)?$/,
}
const databaseName = /^(postgres(ql)?|pglite|cockroach(db)?|aurora|citus|mysql|mariadb|tidb|vitess)\b/i

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['src', 'commands'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name))
    .map((name) => join(folder, name)),
)

/** The folder that the rules speak of: `src/audit/count.ts` → `audit`, `src/bin.ts` → `bin`. */
function zone(file: string): string {
  const [top, second = '', third = ''] = file.replace(/\.[jt]s$/, '').split(sep)
  if (top === 'commands') return 'commands'
  const nested = `${second}/${third}`
  return nested in mayImport ? nested : second
}

function imports(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true)
  return importedFiles.map(({ fileName }) => fileName)
}

/** Every comparison with, or case for, the name of a database. */
function namesCompared(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && databaseName.test(node.text) && isCompared(node))
      found.push(node.parent.getText())
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isCompared(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isCaseClause(parent)) return true
  if (ts.isBinaryExpression(parent)) return /^[!=]==?$/.test(parent.operatorToken.getText())
  return ts.isCallExpression(parent) && /\.(includes|startsWith|endsWith|match|test)$/.test(parent.expression.getText())
}

/** `file: what` for everything that `find` returns, so that one failure names them all. */
function violations(find: (file: string, own: string) => string[]): string[] {
  return files.flatMap((file) => find(file, zone(file)).map((what) => `${file}: ${what}`))
}

test('every file is in a folder of the design', () => {
  expect(violations((_, own) => (own in mayImport ? [] : [own]))).toEqual([])
})

test('imports point one way', () => {
  const wrong = violations((file, own) =>
    imports(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(root, resolve(root, dirname(file), name)))
      .filter((target) => target.startsWith(`src${sep}`))
      .filter((target) => ![own, ...(mayImport[own] ?? [])].includes(zone(target))),
  )
  expect(wrong).toEqual([])
})

test('a driver is imported only inside its dialect', () => {
  const wrong = violations((file, own) => {
    const foreign = Object.entries(drivers).filter(([home]) => home !== own)
    return imports(file).filter((name) => foreign.some(([, driver]) => driver.test(name)))
  })
  expect(wrong).toEqual([])
})

test('core asks for a capability, never for the name of a database', () => {
  expect(violations((file, own) => (own.startsWith('dialects') ? [] : namesCompared(file)))).toEqual([])
})
