import { resolve } from 'node:path'
import { UserError } from '../../model/errors.js'
import { nearest } from '../problems.js'
import { completeLibpq } from './libpq.js'
import { completeMysql } from './mysql.js'
import type { Surroundings, Target } from './types.js'
import { parseUri } from './uri.js'

type Complete = (text: string, surroundings: Surroundings) => Target

const libpq: Complete = (text, surroundings) => completeLibpq(parseUri(text, 'postgresql'), surroundings)

const embedded: Complete = (text, { directory }) => {
  const path = withoutSlash(text.replace(/^[^:]*:\/\//, ''))
  if (path === '') {
    throw new UserError('pglite:// names no directory.', {
      code: 'connection-url-invalid',
      suggestions: ['Write pglite://DIR, with the directory that was given to PGlite as its dataDir.'],
    })
  }
  if (path === 'memory') return { url: 'pglite://memory', shown: 'pglite://memory', schemas: [] }
  const own = resolve(directory, path)
  return { url: `pglite://${own}`, shown: `pglite://${own}`, schemas: [], directory: own }
}

/** `pglite:///C:/data` on Windows. */
function withoutSlash(path: string): string {
  return process.platform === 'win32' ? path.replace(/^\/(?=[a-z]:)/i, '') : path
}

const mysql: Complete = (text, surroundings) => completeMysql(parseUri(text, 'mysql'), surroundings)

/** What URLs may begin with, in the spellings of the frameworks; `+driver` and `jdbc:` are taken off before. */
const families: Readonly<Record<string, Complete>> = {
  ...all(['postgresql', 'postgres', 'postgis', 'pgsql', 'psql', 'ecto', 'timescale', 'timescaledb'], libpq),
  ...all(['pglite'], embedded),
  ...all(['mysql', 'mysql2', 'mariadb', 'trilogy', 'tidb'], mysql),
}

function all(schemes: readonly string[], complete: Complete): Record<string, Complete> {
  return Object.fromEntries(schemes.map((scheme) => [scheme, complete]))
}

/** Turns what a person or a framework wrote into the one form that the driver reads. Throws UserError. */
export function completeUrl(text: string, surroundings: Surroundings): Target {
  // jdbc:mysql:loadbalance://…, jdbc:mariadb:sequential://…
  const plain = text
    .trim()
    .replace(/^jdbc:(mysql|mariadb):[a-z-]+:\/\//i, '$1://')
    .replace(/^jdbc:/i, '')
  const scheme = schemeOf(plain)
  const complete = families[scheme]
  if (complete !== undefined) return complete(plain, surroundings)
  const near = nearest(scheme, Object.keys(families))
  throw new UserError(
    scheme === ''
      ? "The connection URL can't be read."
      : `The connection URL begins with ${scheme}://, which is not known.`,
    {
      code: 'connection-url-invalid',
      suggestions: [
        near === null || scheme === ''
          ? 'Write it as postgresql://user:password@host:port/database, mysql://user:password@host:port/database, or pglite://DIR.'
          : `Did you mean ${near}://?`,
      ],
    },
  )
}

function schemeOf(text: string): string {
  return (/^([a-z][a-z0-9.-]*)(?:\+[a-z0-9_]+)?:\/\//i.exec(text)?.[1] ?? '').toLowerCase()
}
