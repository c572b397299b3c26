import type { Emitted, FixReport } from './fix-report.js'
import { shellWord, type Terminal } from './terminal.js'

type File = Emitted['files'][number]

const PURPOSES: Readonly<Record<File['kind'], string>> = {
  up: 'to do it, as the owner of the tables',
  down: 'to undo it: what the application has changed since stays, and is listed',
  cleanup: 'to remove the archive, once nobody needs the way back',
}

/** By format: what runs a file; null where the notes say it. */
const COMMANDS: Readonly<Record<string, (file: File, client: string) => string | null>> = {
  sql: ({ path }, client) => `${client} ${shellWord(path)}`,
  django: ({ kind }) => (kind === 'up' ? 'python manage.py migrate   # migrating back undoes it' : null),
}

/** What was written and what is left to a person; or how to have it written. */
export function filesLines(report: FixReport, out: Terminal): string[][] {
  const { emitted, plan } = report
  if (plan === null) return []
  if (emitted !== null) return [written(emitted, report, out), application(report, emitted, out)]
  return [
    [
      ...out.prose('Nothing was changed or written. Next: write the migration, in files of plain SQL or for Django:'),
      ...out.code('goc-audit fix --emit-migration'),
      ...out.code('goc-audit fix --emit-migration --format django'),
    ],
  ]
}

function written({ files, format }: Emitted, { wording }: FixReport, out: Terminal): string[] {
  const command = COMMANDS[format] ?? (() => null)
  return [
    out.heading('Written'),
    ...out.prose('Nothing was run. Read them first.', 2),
    ...files.flatMap((file) => {
      const line = command(file, wording.client)
      return [...out.item(`${file.path}, ${PURPOSES[file.kind]}`), ...(line === null ? [] : out.code(line, 6))]
    }),
  ]
}

function application({ script, wording }: FixReport, { notes }: Emitted, out: Terminal): string[] {
  const names = script?.modelChanges.map(({ name }) => name) ?? []
  const model =
    notes.length > 0 || names.length === 0
      ? []
      : out.item(
          `Tell the framework's models of ${names.join(', ')}, or its next migration drops ${names.length === 1 ? 'it' : 'them'}.`,
        )
  return [
    out.heading('What the application must do now'),
    ...out.item(wording.advice),
    ...model,
    ...notes.flatMap((note) => ['', ...out.mixed(note, 2)]),
  ]
}
