import type { Emitted, FixReport } from './fix-report.js'
import { shellWord, type Terminal } from './terminal.js'

const PURPOSES: Readonly<Record<Emitted['files'][number]['kind'], string>> = {
  up: 'to do it, as the owner of the tables',
  down: 'to undo it: what the application has changed since stays, and is listed',
  cleanup: 'to remove the archive, once nobody needs the way back',
}

/** What was written and what is left to a person; or how to have it written. */
export function filesLines(report: FixReport, out: Terminal): string[][] {
  const { emitted, plan } = report
  if (plan === null) return []
  if (emitted === null)
    return [
      [
        ...out.prose('Nothing was changed or written. Next: write the migration, in files of plain SQL or for Django:'),
        ...out.code('goc-audit fix --emit-migration'),
        ...out.code('goc-audit fix --emit-migration --format django'),
      ],
    ]
  return [written(emitted, out), application(report, emitted, out)]
}

function written({ files, format }: Emitted, out: Terminal): string[] {
  return [
    out.heading('Written'),
    ...out.prose('Nothing was run. Read them first.', 2),
    ...files.flatMap(({ path, kind }) => [
      ...out.item(`${path}, ${PURPOSES[kind]}`),
      ...(format === 'sql' ? out.code(`psql -v ON_ERROR_STOP=1 -f ${shellWord(path)}`, 6) : []),
    ]),
  ]
}

function application({ script }: FixReport, { notes }: Emitted, out: Terminal): string[] {
  const names = script?.modelChanges.map(({ name }) => name) ?? []
  const model =
    notes.length > 0 || names.length === 0
      ? []
      : out.item(`Tell the framework's models of ${names.join(', ')}, or its next migration drops it.`)
  return [
    out.heading('What the application must do now'),
    ...out.item(
      'Its INSERT may fail with a unique violation: catch that, inside a transaction behind a savepoint, and look up again; at REPEATABLE READ in a new transaction.',
    ),
    ...model,
    ...notes.flatMap((note) => ['', ...out.mixed(note, 2)]),
  ]
}
