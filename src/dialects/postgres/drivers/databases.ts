import { closest, distance } from 'fastest-levenshtein'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import type { ConnectionParams } from './params.js'

/** The database of that server whose name is nearest, where the maintenance database lets us look; else null. */
export async function nearestDatabase(
  target: ConnectionTarget,
  params: ConnectionParams,
  options: SessionOptions,
): Promise<string | null> {
  if (params.database === 'postgres') return null
  const url = new URL(target.url)
  url.pathname = '/postgres'
  url.searchParams.delete('dbname')
  try {
    const { openPg } = await import('./pg.js')
    const driver = await openPg({ ...target, url: url.href }, options)
    try {
      const rows = await driver.readOnly(({ query }) =>
        query<{ name: string }>('SELECT datname::text AS name FROM pg_catalog.pg_database WHERE datallowconn'),
      )
      return near(
        params.database,
        rows.map(({ name }) => name),
      )
    } finally {
      await driver.close()
    }
  } catch {
    // Only a courtesy: the error that brought us here says what matters.
    return null
  }
}

function near(name: string, known: readonly string[]): string | null {
  const candidate = closest(name, [...known])
  return distance(name, candidate) <= Math.max(2, Math.floor(name.length / 3)) ? candidate : null
}
