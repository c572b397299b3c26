import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { dockerAnswers } from './containers.js'
import { exec } from './process.js'
import type { Tools } from './servers.js'
import type { Line } from './start.js'

/** What there is beside servers, and its lines of the table. */
export async function findTools(): Promise<{ tools: Tools; lines: Line[] }> {
  const [docker, django, djangoMysql, pgDump] = await Promise.all([
    dockerAnswers(),
    findDjango('psycopg2'),
    findDjango('MySQLdb'),
    findPgDump(),
  ])
  const [pgbouncer, psql] = [onPath('pgbouncer'), onPath('psql')]
  const lines = [
    line('PgBouncer', pgbouncer),
    line('psql', psql),
    line('pg_dump', pgDump && `${pgDump.program} ${pgDump.version}`),
    line('Django with psycopg2', django),
    line('Django with mysqlclient', djangoMysql),
    line('Docker', docker ? 'engine answers' : null),
  ]
  return { tools: { pgbouncer, psql, pgDump, django, djangoMysql, docker }, lines }
}

function line(what: string, from: string | null): Line {
  return from === null ? { what, from: 'none', missing: 'on Debian, test/provision lays it ready' } : { what, from }
}

async function findPgDump(): Promise<Tools['pgDump']> {
  const program = onPath('pg_dump')
  if (program === null) return null
  const { stdout: text } = await exec(program, ['--version'], { timeout: 20_000 }).catch(() => ({ stdout: '' }))
  const version = Number(/(\d+)(?:\.\d+)?/.exec(text)?.[1])
  return Number.isInteger(version) ? { program, version } : null
}

/** Debian's packages are for Debian's own Python, which needn't be the first one on the path. */
async function findDjango(driver: string): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await exec(python, ['-c', `import django, ${driver}`], { timeout: 20_000 }).catch(() => null)
    if (found) return python
  }
  return null
}

function onPath(program: string): string | null {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path)) ?? null
}
