import type { Phase } from '../../model/script.js'
import { commentLines, phaseUnits } from '../sql-text.js'
import type { Change } from './change.js'
import { type Constraint, constraintText } from './constraint.js'
import { docstring, pythonBlock, pythonString } from './python-text.js'

export type Dependency = readonly [label: string, migration: string]

export interface Contents {
  readonly label: string
  readonly about: readonly string[]
  readonly dependencies: readonly Dependency[]
  /** Of this app's models. */
  readonly changes: readonly Change[]
  /** What runs on PostgreSQL; or the migration that has done it already. */
  readonly work: { readonly up: readonly Phase[]; readonly down: readonly Phase[] } | { readonly doneBy: string }
}

/** The text of a migration. */
export function migrationText({ label, about, dependencies, changes, work }: Contents): string {
  const additions = changes.flatMap(additionOf)
  const sections = [
    'up' in work ? [phaseList('UP', work.up), phaseList('DOWN', work.down)] : [],
    additions.length > 0 ? [additionList(additions)] : [],
    'up' in work ? runnersOf(additions.length > 0) : runnersElsewhere(work.doneBy),
    additions.length > 0 ? constraintFunctions(label) : [],
    'up' in work ? [RUN] : [],
    [migrationClass(dependencies, 'up' in work, additions.length > 0)],
  ]
  const head = `${docstring(about.join('\n'))}\n${imports('up' in work, additions)}`
  return `${[head, ...sections.flat()].join('\n\n\n')}\n`
}

type Addition = Extract<Constraint, { kind: 'constraint' }> & { readonly model: string }

function additionOf({ model, constraint }: Change): Addition[] {
  return constraint.kind === 'none' ? [] : [{ model: model.name.toLowerCase(), ...constraint }]
}

function imports(runsSql: boolean, additions: readonly Addition[]): string {
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

function additionList(additions: readonly Addition[]): string {
  const items = additions.flatMap(({ model, args, needs }) => [
    ...(needs === null ? [] : [`    # Needs Django ${needs} or newer.`]),
    '    migrations.AddConstraint(',
    `        model_name=${pythonString(model)},`,
    `        constraint=${constraintText(args, '        ', 'constraint=,')},`,
    '    ),',
  ])
  return ['CONSTRAINTS = [', ...items, ']'].join('\n')
}

function runnersOf(hasAdditions: boolean): string[] {
  const runner = (name: string, phases: string, elsewhere: string) =>
    [
      `def ${name}(apps, schema_editor):`,
      '    if schema_editor.connection.vendor == "postgresql":',
      `        run(${phases}, schema_editor)`,
      ...(hasAdditions ? ['    else:', `        ${elsewhere}(apps, schema_editor)`] : []),
    ].join('\n')
  return [runner('apply', 'UP', 'add_constraints'), runner('undo', 'DOWN', 'remove_constraints')]
}

function runnersElsewhere(doneBy: string): string[] {
  const runner = (name: string, comment: string, elsewhere: string) =>
    [
      `def ${name}(apps, schema_editor):`,
      `    # On PostgreSQL ${doneBy} ${comment}.`,
      '    if schema_editor.connection.vendor != "postgresql":',
      `        ${elsewhere}(apps, schema_editor)`,
    ].join('\n')
  return [
    runner('apply', 'has added them', 'add_constraints'),
    runner('undo', 'will remove them', 'remove_constraints'),
  ]
}

function constraintFunctions(label: string): string[] {
  return [
    `def add_constraints(apps, schema_editor):
    for added in CONSTRAINTS:
        model = apps.get_model(${pythonString(label)}, added.model_name)
        # SQLite builds the table anew, from what the model says.
        model._meta.constraints = [*model._meta.constraints, added.constraint]
        schema_editor.add_constraint(model, added.constraint)`,
    `def remove_constraints(apps, schema_editor):
    for added in reversed(CONSTRAINTS):
        model = apps.get_model(${pythonString(label)}, added.model_name)
        schema_editor.remove_constraint(model, added.constraint)`,
  ]
}

const RUN = `def run(phases, schema_editor):
    connection = schema_editor.connection
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

function migrationClass(dependencies: readonly Dependency[], runsSql: boolean, hasAdditions: boolean): string {
  const operation = hasAdditions
    ? [
        '        migrations.SeparateDatabaseAndState(',
        '            database_operations=[migrations.RunPython(apply, undo)],',
        '            state_operations=CONSTRAINTS,',
        '        ),',
      ]
    : ['        migrations.RunPython(apply, undo),']
  return [
    'class Migration(migrations.Migration):',
    ...(runsSql
      ? [
          '    # Each step is a transaction of its own: locks are short, and after a failure the',
          '    # steps that were done stay done.',
          '    atomic = False',
          '',
        ]
      : []),
    '    dependencies = [',
    ...dependencies.map(([label, migration]) => `        (${pythonString(label)}, ${pythonString(migration)}),`),
    '    ]',
    '',
    '    operations = [',
    ...operation,
    '    ]',
  ].join('\n')
}
