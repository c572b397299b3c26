import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { emitters } from '../../../src/emitters/index.js'
import { UserError } from '../../../src/model/errors.js'
import type { Script } from '../../../src/model/script.js'
import { directoryWith, migration, modelChange, phase, script } from './samples.js'

const example = fileURLToPath(new URL('../../../examples/django-session', import.meta.url))
const initial = readFileSync(join(example, 'shop/migrations/0001_initial.py'), 'utf8')

type Files = Readonly<Record<string, string>>

const shop: Files = { 'shop/migrations/0001_initial.py': initial }

async function emit(files: Files, from: Partial<Script> = {}, out: string | null = null) {
  const workingDirectory = await directoryWith(files)
  const emission = await emitters.django.emit(script(from), { workingDirectory, out })
  const paths = emission.files.map(({ path }) => path)
  const text = emission.files.find(({ path }) => path.endsWith('.py'))?.text ?? ''
  return { ...emission, workingDirectory, paths, text }
}

/** The lines of a list or of a class, without their indentation. */
const between = (text: string, from: string, to: string): string[] => {
  const [, rest = ''] = text.split(from)
  return (rest.split(to)[0] ?? '').split('\n').flatMap((line) => line.trim() || [])
}
const dependencies = (text: string) => between(text, '    dependencies = [\n', '    ]\n')
const operations = (text: string) => between(text, '    operations = [\n', '\n    ]\n').join(' ')

describe('the example', () => {
  test('gets a migration after its latest, and the cleanup beside it', async () => {
    const emission = await emitters.django.emit(script(), { workingDirectory: example, out: null })
    expect(emission.directory).toBe(example)
    expect(emission.files.map(({ path, kind }) => [path, kind])).toEqual([
      ['shop/migrations/0002_goc_audit_cart_session.py', 'up'],
      ['shop/migrations/0002_goc_audit_cart_session.cleanup.sql', 'cleanup'],
    ])
    expect(emission.files[0]?.text).toBe(whole)
    expect(emission.files[1]?.text).toMatch(/^-- Merges .*\n(.*\n)*DROP TABLE goc_audit\.cart;\n\nCOMMIT;\n$/)
  })

  test('tells what the model has to say, and how to clean up', async () => {
    const { notes } = await emitters.django.emit(script(), { workingDirectory: example, out: null })
    expect(notes).toEqual([
      `The model Cart of the app shop needs the constraint too, or the next makemigrations will remove it from the database.

    class Cart(models.Model):
        class Meta:
            constraints = [
                models.UniqueConstraint(
                    fields=["session"],
                    name="uq_shop_cart_session",
                ),
            ]`,
      `Once you are sure that nothing has to be undone, this removes the archive:

    python manage.py dbshell -- -v ON_ERROR_STOP=1 < shop/migrations/0002_goc_audit_cart_session.cleanup.sql`,
    ])
  })
})

describe('where it goes', () => {
  test.each([
    ['the project', null, 'src/shop/migrations/0002_goc_audit_cart_session.py'],
    ['a directory of it', 'src', 'shop/migrations/0002_goc_audit_cart_session.py'],
    ['the app', 'src/shop', 'migrations/0002_goc_audit_cart_session.py'],
    ['its migrations', 'src/shop/migrations', '0002_goc_audit_cart_session.py'],
  ])('from %s', async (_, out, path) => {
    const { paths, text } = await emit({ 'src/shop/migrations/0001_initial.py': initial }, {}, out)
    expect(paths[0]).toBe(path)
    expect(dependencies(text)).toEqual(['("shop", "0001_initial"),'])
  })

  test('not to what is installed, hidden, too deep, or no migration of Django', async () => {
    const elsewhere = [
      'node_modules/a/shop',
      '.git/shop',
      'venv/lib/shop',
      'lib/python3.12/site-packages/shop',
      'a/b/c/d/e/shop',
    ]
    const files = Object.fromEntries(elsewhere.map((path) => [`${path}/migrations/0001_initial.py`, initial]))
    const alembic = { 'db/migrations/env.py': 'class Migration:\n    pass\n', 'db/migrations/0001.sql': '' }
    await expect(emit({ ...files, ...alembic, 'venv/pyvenv.cfg': '' })).rejects.toMatchObject({ code: 'django-no-app' })
    const { paths } = await emit({ ...files, ...shop, 'venv/pyvenv.cfg': '' })
    expect(paths[0]).toBe('shop/migrations/0002_goc_audit_cart_session.py')
  })

  test('to the app that its configuration names', async () => {
    const files = {
      'store/apps.py': 'class StoreConfig(AppConfig):\n    name = "store"\n    label = "shop"\n',
      'store/migrations/0001_initial.py': initial,
    }
    const { paths, text } = await emit(files)
    expect(paths[0]).toBe('store/migrations/0002_goc_audit_cart_session.py')
    expect(dependencies(text)).toEqual(['("shop", "0001_initial"),'])
  })

  test('after all leaves, and after the highest number', async () => {
    const { paths, text } = await emit({
      ...shop,
      'shop/migrations/0002_a.py': migration('', [['shop', '0001_initial']]),
      'shop/migrations/0007_b.py': migration('', [['shop', '0001_initial']]),
    })
    expect(paths[0]).toBe('shop/migrations/0008_goc_audit_cart_session.py')
    expect(dependencies(text)).toEqual(['("shop", "0002_a"),', '("shop", "0007_b"),'])
  })

  test('to the model that Django manages', async () => {
    const view = 'migrations.CreateModel("CartView", [], options={"managed": False, "db_table": "shop_cart"}),'
    const { paths } = await emit({ ...shop, 'reports/migrations/0001_initial.py': migration(view) })
    expect(paths[0]).toBe('shop/migrations/0002_goc_audit_cart_session.py')
  })
})

const orders: Files = {
  'orders/migrations/0001_initial.py': migration(
    `migrations.CreateModel(
        name="Order",
        fields=[("id", models.AutoField(primary_key=True)), ("number", models.TextField())],
        options={"db_table": "Orders"},
    ),`,
    [['shop', '0001_initial']],
  ),
}

describe('several apps', () => {
  const other = modelChange({ table: 'Orders', name: 'uq_number', members: [{ column: 'number', fold: null }] })

  test('an app whose table is in the SQL comes first', async () => {
    const up = [phase('Repoint', 'UPDATE public."Orders" SET cart_id = 1')]
    const { text } = await emit({ ...shop, ...orders }, { up })
    expect(dependencies(text)).toEqual(['("shop", "0001_initial"),', '("orders", "0001_initial"),'])
    expect(dependencies((await emit({ ...shop, ...orders })).text)).toEqual(['("shop", "0001_initial"),'])
  })

  test('each has its own migration, and only the first runs SQL', async () => {
    const { files, paths } = await emit({ ...shop, ...orders }, { modelChanges: [modelChange(), other] })
    expect(paths).toEqual([
      'shop/migrations/0002_goc_audit_cart_session.py',
      'orders/migrations/0002_goc_audit_cart_session.py',
      'shop/migrations/0002_goc_audit_cart_session.cleanup.sql',
    ])
    const [first = '', second = ''] = files.map(({ text }) => text)
    expect(operations(first)).toContain('model_name="cart"')
    expect(operations(first)).not.toContain('model_name="order"')
    expect(operations(second)).toBe(
      'AddConstraint( model_name="order", constraint=models.UniqueConstraint(fields=["number"], name="uq_number"), ),',
    )
    expect(dependencies(second)).toEqual(['("orders", "0001_initial"),', '("shop", "0002_goc_audit_cart_session"),'])
    expect(second).not.toContain('BEGIN')
    expect(second).not.toContain('atomic')
    expect(second).toMatch(/^"""Tell the models of the constraints that shop.0002_goc_audit_cart_session adds.\n/)
  })

  test('two models of one app are in one migration', async () => {
    const tag = `migrations.CreateModel("Tag", [("name", models.TextField())]),`
    const name = modelChange({ table: 'shop_tag', name: 'uq_tag', members: [{ column: 'name', fold: 'lower' }] })
    const { paths, text, notes } = await emit(
      { ...shop, 'shop/migrations/0002_tag.py': migration(tag, [['shop', '0001_initial']]) },
      { modelChanges: [modelChange(), name] },
    )
    expect(paths.filter((path) => path.endsWith('.py'))).toHaveLength(1)
    expect(operations(text)).toContain('models.UniqueConstraint(Lower("name"), name="uq_tag")')
    expect(text).toContain(
      '        # Needs Django 4.0 or newer.\n        AddConstraint(\n            model_name="tag",',
    )
    expect(text).toContain(
      'from django.db import NotSupportedError, migrations, models\nfrom django.db.models.functions import Lower\n',
    )
    expect(notes).toHaveLength(3)
    expect(notes[1]).toContain('    from django.db.models.functions import Lower\n\n    class Tag(models.Model):')
    expect(notes[1]).toContain('It needs Django 4.0 or newer.')
  })
})

describe('what a model cannot say', () => {
  const change = modelChange({ members: [{ expression: 'md5(session)' }], constraint: false })

  test('is left out of the state, and said', async () => {
    const { text, notes } = await emit(shop, { modelChanges: [change] })
    expect(notes[0]).toBe(
      "The model Cart of the app shop can't say uq_shop_cart_session: Django has no sure form of md5(session). The database keeps it all the same, and makemigrations leaves it alone.",
    )
    expect(text).toContain("can't say uq_shop_cart_session")
    expect(text).toContain('    operations = [\n        migrations.RunPython(apply, undo),\n    ]\n')
    expect(text).toContain('from django.db import NotSupportedError, migrations\n')
    expect(text).not.toContain('AddConstraint')
  })

  test('an index that Django would have made a constraint', async () => {
    const { notes } = await emit(shop, { modelChanges: [modelChange({ constraint: false })] })
    expect(notes[1]).toContain('use RunSQL with DROP INDEX in place of RemoveConstraint')
    const partial = modelChange({ constraint: false, predicate: 'session IS NOT NULL' })
    expect((await emit(shop, { modelChanges: [partial] })).notes).toHaveLength(2)
  })
})

describe('refusals', () => {
  const refusal = async (files: Files, from: Partial<Script> = {}, out: string | null = null) => {
    const error: unknown = await emit(files, from, out).catch((thrown: unknown) => thrown)
    if (!(error instanceof UserError)) throw error
    return `[${error.code}] ${error.message}\n${error.suggestions.join('\n')}`
  }

  test('no app', async () => {
    expect(await refusal({}, {}, 'nowhere')).toBe(`[django-no-app] No Django app with migrations was found in nowhere.
Run it where manage.py is, or name the project's directory or an app's migrations: --out shop/migrations.
Or have it written as plain SQL: --format sql.`)
  })

  test('no model', async () => {
    const text = await refusal({ ...shop, ...orders }, { modelChanges: [modelChange({ table: 'auth_user' })] }, '.')
    expect(text).toMatch(
      /^\[django-no-model\] The migrations in \. make no model with the table auth_user; they are those of: orders, shop\.\n/,
    )
    expect(text).toMatch(/--format sql\.$/)
  })

  test('two models', async () => {
    const text = await refusal({ ...shop, 'copy/shop/migrations/0001_initial.py': initial })
    expect(text).toMatch(
      /^\[django-ambiguous-model\] The table shop_cart belongs to two models: Cart in \S+copy\/shop\/migrations and Cart in \S+\/shop\/migrations\.\n/,
    )
  })

  test('it is there already', async () => {
    const text = await refusal({ ...shop, 'shop/migrations/0005_goc_audit_cart_session.py': migration('') })
    expect(text).toMatch(/^\[django-already-emitted\] \S+0005_goc_audit_cart_session\.py does this already\.\n/)
    const other = await emit({ ...shop, 'shop/migrations/0005_goc_audit_my_cart_session.py': migration('') })
    expect(other.paths[0]).toBe('shop/migrations/0006_goc_audit_cart_session.py')
  })

  test('nothing unique', async () => {
    expect(await refusal(shop, { modelChanges: [] })).toContain('[django-no-model]')
  })
})

const python = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!python)('Python reads it', () => {
  const strings = `
import ast, json, sys
tree = ast.parse(sys.stdin.buffer.read())
lists = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
print(json.dumps([ast.get_docstring(tree, clean=False), ast.literal_eval(lists["UP"]), ast.literal_eval(lists["DOWN"])]))`
  const read = (text: string): [string, string[], string[]] =>
    JSON.parse(execFileSync('python3', ['-c', strings], { input: text, encoding: 'utf8' }))

  test.each([
    ['plain', "SELECT '100%', E'\\n', 'a\tb', \"c\"", 'r"""'],
    ['three quotes', 'SELECT """, """"", "\\"" AS """', '    """'],
    ['backslashes at the ends', '\\SELECT 1\\', 'r"""'],
    ['what Python takes for a line end', "SELECT 'a\rb\r\nc\u2028d\u0085e\u000cf'", '    """'],
    ['what the eye does not see', "SELECT 'a\u202eb\u200bc\u0000d\u{e0001}e'", '    """'],
    ['letters', "SELECT 'é日本\u{1f600}', '\\N{BULLET}\\u0041'", 'r"""'],
  ])('%s', async (_, sql, opening) => {
    const header = [sql, '"', `x${sql}`]
    const { text } = await emit(shop, {
      header,
      up: [phase('Merge', sql)],
      down: [{ ...phase('x', sql), transaction: 'outside' }],
    })
    const [docstring, up, down] = read(text)
    expect(docstring.startsWith(header.join('\n'))).toBe(true)
    expect(up).toEqual([`\nBEGIN ISOLATION LEVEL READ COMMITTED;\n\n${sql};\n\nCOMMIT;\n`])
    expect(down).toEqual([`\n${sql};\n`])
    expect(text).toContain(`${opening}\nBEGIN`)
  })

  test('comments cannot end early', async () => {
    const { text } = await emit(shop, {
      up: [{ ...phase('a\rraise x', 'SELECT 1'), comment: ['b\nc', 'd\u000craise y'] }],
    })
    expect(read(text)[1]).toHaveLength(1)
    expect(text).toContain('    # a\\rraise x\n    # b\n    # c\n    # d\\u{c}raise y\n    r"""\n')
  })

  test('it compiles', async () => {
    const modelChanges = [modelChange({ name: 'uq "\\', predicate: "session = '\"\\'", nullsNotDistinct: true })]
    for (const { text } of (await emit({ ...shop, ...orders }, { modelChanges })).files.filter(({ path }) =>
      path.endsWith('.py'),
    ))
      execFileSync('python3', ['-c', 'import sys; compile(sys.stdin.buffer.read(), "m", "exec")'], { input: text })
  })
})

const whole = `"""Merges the duplicate rows of shop_cart.

It takes a minute.

The model Cart of the app shop needs the constraint too, or the next makemigrations will
remove it from the database.

    class Cart(models.Model):
        class Meta:
            constraints = [
                models.UniqueConstraint(
                    fields=["session"],
                    name="uq_shop_cart_session",
                ),
            ]

Once you are sure that nothing has to be undone, this removes the archive:

    python manage.py dbshell -- -v ON_ERROR_STOP=1 < 0002_goc_audit_cart_session.cleanup.sql
"""
from django.db import NotSupportedError, migrations, models


UP = [
    # Merge
    r"""
BEGIN ISOLATION LEVEL READ COMMITTED;

DELETE FROM shop_cart WHERE false;

COMMIT;
""",
]


DOWN = [
    # Restore
    r"""
BEGIN ISOLATION LEVEL READ COMMITTED;

INSERT INTO shop_cart SELECT * FROM goc_audit.cart;

COMMIT;
""",
]


def apply(apps, schema_editor):
    run(UP, schema_editor)


def undo(apps, schema_editor):
    run(DOWN, schema_editor)


def run(phases, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    if connection.in_atomic_block:
        raise NotSupportedError("This migration commits step by step: run it outside of atomic().")
    try:
        for sql in phases:
            # Without parameters % is only %, and several statements go to the server at once.
            schema_editor.execute(sql, None)
    except Exception:
        # The server takes back the step that failed; Django doesn't know of its transaction.
        connection.close()
        raise


class AddConstraint(migrations.AddConstraint):
    """Where the SQL runs it has added it, and only the models have to learn of it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    # Each step is a transaction of its own: locks are short, and after a failure the
    # steps that were done stay done.
    atomic = False

    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(apply, undo),
        AddConstraint(
            model_name="cart",
            constraint=models.UniqueConstraint(
                fields=["session"],
                name="uq_shop_cart_session",
            ),
        ),
    ]
`
