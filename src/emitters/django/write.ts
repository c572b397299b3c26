import type { Phase } from '../../model/script.js'
import { commentLines, phaseUnits } from '../sql-text.js'
import type { Change } from './change.js'
import { type Constraint, constraintText } from './constraint.js'
import { docstring, pythonBlock, pythonString } from './python-text.js'

export type Dependency = readonly [label: string, migration: string]

interface Contents {
  readonly about: readonly string[]
  readonly dependencies: readonly Dependency[]
  /** Of this app's models. */
  readonly changes: readonly Change[]
  /** As Django calls the server on which `phases` run. */
  readonly vendor: string
  /** Null where another migration has it. */
  readonly phases: { readonly up: readonly Phase[]; readonly down: readonly Phase[] } | null
}

/** The text of a migration. */
export function migrationText({ about, dependencies, changes, vendor, phases }: Contents): string {
  const additions = changes.flatMap(additionOf)
  const runs = phases === null ? [] : [phaseList('UP', phases.up), phaseList('DOWN', phases.down), runText(vendor)]
  const operations = [
    ...(phases === null ? [] : ['        migrations.RunPython(apply, undo),']),
    ...additions.flatMap(operation),
  ]
  return [
    `${docstring(about.join('\n'))}\n${imports(additions, phases !== null)}`,
    ...runs,
    ...(additions.length > 0 ? [addConstraintText(vendor)] : []),
    migrationClass(dependencies, operations, phases !== null),
  ]
    .join('\n\n\n')
    .concat('\n')
}

type Addition = Extract<Constraint, { kind: 'constraint' }> & { readonly model: string }

function additionOf({ model, constraint }: Change): Addition[] {
  return constraint.kind === 'none' ? [] : [{ model: model.name.toLowerCase(), ...constraint }]
}

function imports(additions: readonly Addition[], runsSql: boolean): string {
  const names = [...(runsSql ? ['NotSupportedError'] : []), 'migrations', ...(additions.length > 0 ? ['models'] : [])]
  const functions = [...new Set(additions.flatMap((addition) => addition.functions))].sort()
  const lines = [`from django.db import ${names.join(', ')}`]
  if (functions.length > 0) lines.push(`from django.db.models.functions import ${functions.join(', ')}`)
  return lines.join('\n')
}

function phaseList(name: string, phases: readonly Phase[]): string {
  const items = phases.flatMap((phase) => [
    ...commentLines('    #', [phase.title, ...phase.comment]),
    ...phaseUnits(phase).map((unit) => `    ${pythonBlock(unit)},`),
  ])
  return [`${name} = [`, ...items, ']'].join('\n')
}

function operation({ model, args, needs }: Addition): string[] {
  return [
    ...(needs === null ? [] : [`        # Needs Django ${needs} or newer.`]),
    '        AddConstraint(',
    `            model_name=${pythonString(model)},`,
    `            constraint=${constraintText(args, '            ', 'constraint=,')},`,
    '        ),',
  ]
}

const runText = (vendor: string): string => `def apply(apps, schema_editor):
    run(UP, schema_editor)


def undo(apps, schema_editor):
    run(DOWN, schema_editor)


def run(phases, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != ${pythonString(vendor)}:
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
        raise`

const addConstraintText = (vendor: string): string => `class AddConstraint(migrations.AddConstraint):
    """Where the SQL runs it has added it, and only the models have to learn of it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != ${pythonString(vendor)}:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != ${pythonString(vendor)}:
            super().database_backwards(app_label, schema_editor, from_state, to_state)`

function migrationClass(
  dependencies: readonly Dependency[],
  operations: readonly string[],
  commitsByItself: boolean,
): string {
  const atomic = [
    '    # Each step is a transaction of its own: locks are short, and after a failure the',
    '    # steps that were done stay done.',
    '    atomic = False',
    '',
  ]
  return [
    'class Migration(migrations.Migration):',
    ...(commitsByItself ? atomic : []),
    '    dependencies = [',
    ...dependencies.map(([label, migration]) => `        (${pythonString(label)}, ${pythonString(migration)}),`),
    '    ]',
    '',
    '    operations = [',
    ...operations,
    '    ]',
  ].join('\n')
}
