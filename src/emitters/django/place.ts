import { UserError } from '../../model/errors.js'
import type { ModelChange } from '../../model/plan.js'
import type { Change } from './change.js'
import { constraintOf } from './constraint.js'
import type { App } from './project.js'

const PLAIN_SQL = 'Or have it written as plain SQL: --format sql.'

/** Which model each change is about. `shown`: the directory that was searched, as a person knows it. */
export function place(changes: readonly ModelChange[], apps: readonly App[], shown: string): Change[] {
  if (apps.length === 0) {
    throw new UserError(`No Django app with migrations was found in ${shown}.`, {
      code: 'django-no-app',
      suggestions: [
        "Run it where manage.py is, or name the project's directory or an app's migrations: --out shop/migrations.",
        PLAIN_SQL,
      ],
    })
  }
  return changes.map((change) => placeOne(change, apps, shown))
}

function placeOne(change: ModelChange, apps: readonly App[], shown: string): Change {
  const all = apps.flatMap((app) =>
    app.models.filter(({ table, proxy }) => table === change.table && !proxy).map((model) => ({ app, model })),
  )
  const managed = all.filter(({ model }) => model.managed)
  const [found, other] = managed.length > 0 ? managed : all
  if (found === undefined) throw noModel(change.table, apps, shown)
  if (other !== undefined) {
    const places = [found, other].map(({ app, model }) => `${model.name} in ${app.directory}`)
    throw new UserError(`The table ${change.table} belongs to two models: ${places.join(' and ')}.`, {
      code: 'django-ambiguous-model',
      suggestions: ['Name the one to write to: --out path/to/migrations.', PLAIN_SQL],
    })
  }
  return { change, ...found, constraint: constraintOf(change, found.model) }
}

function noModel(table: string, apps: readonly App[], shown: string): UserError {
  const labels = apps.map(({ label }) => label).join(', ')
  return new UserError(
    `The migrations in ${shown} make no model with the table ${table}; they are those of: ${labels}.`,
    {
      code: 'django-no-model',
      suggestions: [
        'If its app is elsewhere, name its migrations: --out path/to/migrations. A library that is installed has no place for a migration of yours.',
        PLAIN_SQL,
      ],
    },
  )
}
