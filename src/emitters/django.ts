import { join, relative, resolve } from 'node:path'
import wrapAnsi from 'wrap-ansi'
import { UserError } from '../model/errors.js'
import type { EmittedFile, Phase, Script } from '../model/script.js'
import type { Change } from './django/change.js'
import { modelNotes } from './django/notes.js'
import { place } from './django/place.js'
import { type App, readApps } from './django/project.js'
import { type Dependency, migrationText } from './django/write.js'
import type { Emitter } from './emitter.js'
import { nextNumber, safeName } from './files.js'
import { fileText } from './sql-text.js'

/** A migration in the app of the first model, and one in each other app whose models learn of a constraint. */
export const django: Emitter = {
  name: 'django',
  directory: '.',
  async emit(script: Script, { workingDirectory, out }) {
    const directory = resolve(workingDirectory, out ?? django.directory)
    const apps = await readApps(directory)
    const changes = place(script.modelChanges, apps, out ?? directory)
    const [home, ...others] = [...new Set(changes.map(({ app }) => app))].map((app) => targetOf(script, app, changes))
    if (home === undefined) throw nothingToTell()
    const written = (target: Target, extension: string) =>
      join(relative(directory, target.app.directory), `${target.migration}.${extension}`)
    const files: EmittedFile[] = [
      { path: written(home, 'py'), kind: 'up', text: homeText(script, home, apps) },
      ...others.map((other) => ({
        path: written(other, 'py'),
        kind: 'up' as const,
        text: otherText(script, other, home),
      })),
      { path: written(home, 'cleanup.sql'), kind: 'cleanup', text: fileText(script.header, script.cleanup) },
    ]
    return {
      directory,
      files,
      notes: [
        ...modelNotes(changes),
        cleanupNote(script, relative(workingDirectory, resolve(directory, written(home, 'cleanup.sql')))),
      ],
    }
  },
}

/** A migration to be written. */
interface Target {
  readonly app: App
  readonly migration: string
  readonly changes: readonly Change[]
}

function targetOf(script: Script, app: App, changes: readonly Change[]): Target {
  const suffix = `_goc_audit_${safeName(script.name)}`
  const emitted = app.migrations.find((name) => name.replace(/^\d+/, '') === suffix)
  if (emitted !== undefined) {
    throw new UserError(`${join(app.directory, emitted)}.py does this already.`, {
      code: 'django-already-emitted',
      suggestions: ['Run it: python manage.py migrate. To have it written anew before it has run anywhere, delete it.'],
    })
  }
  const migration = nextNumber([app.highestNumber]) + suffix
  return { app, migration, changes: changes.filter((change) => change.app === app) }
}

function homeText(script: Script, { app, migration, changes }: Target, apps: readonly App[]): string {
  const named = namesIn([...script.up, ...script.down])
  // Their tables have to be there, also when a database is made from nothing.
  const needed = apps.filter((other) => other !== app && other.models.some(({ table }) => named.has(table)))
  return migrationText({
    about: about(script.header, [...modelNotes(changes), cleanupNote(script, `${migration}.cleanup.sql`)]),
    dependencies: [app, ...needed].flatMap(leavesOf),
    changes,
    vendor: script.target.vendor,
    phases: script,
  })
}

function otherText({ target }: Script, { app, changes }: Target, home: Target): string {
  const doneBy = `${home.app.label}.${home.migration}`
  return migrationText({
    about: about([`Tell the models of the constraints that ${doneBy} adds.`], modelNotes(changes)),
    dependencies: [...leavesOf(app), [home.app.label, home.migration]],
    changes,
    vendor: target.vendor,
    phases: null,
  })
}

function leavesOf({ label, leaves }: App): Dependency[] {
  return leaves.map((leaf) => [label, leaf])
}

/** Every word of the SQL, and all that it quotes: among them are the names of its tables. */
function namesIn(phases: readonly Phase[]): Set<string> {
  const text = phases.flatMap(({ statements }) => statements.map(({ sql }) => sql)).join('\n')
  const words = text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []
  const quoted = text.match(/"(?:[^"]|"")+"|`(?:[^`]|``)+`/g) ?? []
  return new Set([...words, ...quoted.map((name) => name.slice(1, -1).replaceAll(/(["`])\1/g, '$1'))])
}

function about(header: readonly string[], notes: readonly string[]): string[] {
  return [...header, ...notes.flatMap((note) => ['', ...note.split('\n').flatMap(wrapped)])]
}

/** Code stays on its line. */
function wrapped(line: string): string[] {
  return line.startsWith('  ') ? [line] : wrapAnsi(line, 88).split('\n')
}

function cleanupNote({ target }: Script, file: string): string {
  const options = target.clientArguments === '' ? '' : ` -- ${target.clientArguments}`
  return [
    'Once you are sure that nothing has to be undone, this removes the archive:',
    '',
    `    python manage.py dbshell${options} < ${file}`,
  ].join('\n')
}

function nothingToTell(): UserError {
  return new UserError('Nothing is made unique here, so that no app is the place for a migration.', {
    code: 'django-no-model',
    suggestions: ['Have it written as plain SQL: --format sql.'],
  })
}
