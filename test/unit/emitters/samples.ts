import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import type { ModelChange } from '../../../src/model/plan.js'
import type { Phase, Script } from '../../../src/model/script.js'

const made: string[] = []
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true }))))

/** A directory with these files, gone when the tests of the file are over. */
export async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'goc-audit-emitters-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

export function phase(title: string, ...statements: string[]): Phase {
  return { title, comment: [], transaction: 'own', statements: statements.map((sql) => ({ comment: null, sql })) }
}

export function modelChange(overrides: Partial<ModelChange> = {}): ModelChange {
  return {
    schema: 'public',
    table: 'shop_cart',
    name: 'uq_shop_cart_session',
    members: [{ column: 'session', fold: null }],
    predicate: null,
    nullsNotDistinct: false,
    constraint: true,
    ...overrides,
  }
}

export function script(overrides: Partial<Script> = {}): Script {
  return {
    name: 'cart_session',
    header: ['Merges the duplicate rows of shop_cart.', '', 'It takes a minute.'],
    up: [phase('Merge', 'DELETE FROM shop_cart WHERE false')],
    down: [phase('Restore', 'INSERT INTO shop_cart SELECT * FROM goc_audit.cart')],
    cleanup: [phase('Drop the archive', 'DROP TABLE goc_audit.cart')],
    modelChanges: [modelChange()],
    target: { vendor: 'postgresql', clientArguments: '-v ON_ERROR_STOP=1' },
    ...overrides,
  }
}

/** A migration file with these operations. */
export function migration(operations: string, dependencies: readonly (readonly [string, string])[] = []): string {
  const listed = dependencies.map(([app, name]) => `        ("${app}", "${name}"),\n`).join('')
  return [
    'from django.db import migrations, models\n\n',
    'class Migration(migrations.Migration):\n',
    `    dependencies = [\n${listed}    ]\n\n`,
    `    operations = [\n${operations}\n    ]\n`,
  ].join('\n')
}
