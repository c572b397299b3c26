/**
 * How fast `discover` reads logs, beside a bare scan of lines, pgBadger and pt-query-digest, and what memory it takes.
 *
 *   npm run bench:logs -- [--statements 500000] [--rounds 3] [--slice 16]
 *
 * Needs pgbadger and pt-query-digest (Debian: apt-get install pgbadger percona-toolkit), which get the first `slice`
 * megabytes of the same log, since they are slow and their speed doesn't depend on the length. All on one core; medians.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { median } from './data.js'
import { type LogStyle, mysqlGeneral, postgresStderr, writeLog } from './log-data.js'

const { values: flags } = parseArgs({
  options: {
    statements: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
    slice: { type: 'string', default: '16' },
  },
})
const [statements, rounds, slice] = [Number(flags.statements), Number(flags.rounds), Number(flags.slice)]
const program = join(import.meta.dirname, '../../dist/src/bin.js')
const folder = await mkdtemp(join(tmpdir(), 'goc-audit-bench-'))

interface Run {
  readonly seconds: number
  /** Megabytes at most. */
  readonly memory: number
}

/** One core: the first. Without `taskset` the scheduler decides. */
function timed(command: string, args: readonly string[]): Run {
  const start = performance.now()
  const pinned = process.platform === 'linux' ? ['taskset', '-c', '0', command, ...args] : [command, ...args]
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', ...pinned], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
  return { seconds: (performance.now() - start) / 1000, memory: Number(stderr.trim().split('\n').at(-1)) / 1024 }
}

const ours = (path: string) => timed(process.execPath, [program, 'discover', '--offline', '--json', '--log', path])
const lines = (path: string) =>
  timed(process.execPath, [
    '-e',
    `let n = 0; require('node:fs').createReadStream(process.argv[1], { highWaterMark: 1 << 20 }).on('data', (piece) => {
       for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) n += 1 })`,
    path,
  ])

const megabytes = (path: string) => statSync(path).size / 1e6

async function head(path: string): Promise<string> {
  const part = `${path}.part`
  await pipeline(createReadStream(path, { end: slice * 1e6 - 1 }), createWriteStream(part))
  return part
}

async function ten(path: string): Promise<string> {
  const long = `${path}.long`
  for (let at = 0; at < 10; at += 1) await pipeline(createReadStream(path), createWriteStream(long, { flags: 'a' }))
  return long
}

function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    console.log(`${program} is not installed, and left out.`)
    return false
  }
}

interface Other {
  readonly name: string
  readonly wanted: number
  run(path: string): Run
}

async function compare(title: string, style: LogStyle, other: Other): Promise<void> {
  const path = join(folder, `${other.name}.log`)
  const varied = join(folder, `${other.name}-varied.log`)
  await writeLog(path, style, { statements, kinds: 300 })
  await writeLog(varied, style, { statements, kinds: 10_000 })
  const part = has(other.name) ? await head(path) : null
  const speeds = new Map<string, number[]>()
  const memory: number[] = []
  const note = (name: string, file: string, run: Run) => {
    speeds.set(name, [...(speeds.get(name) ?? []), megabytes(file) / run.seconds])
    return run
  }
  for (let round = 0; round < rounds; round += 1) {
    note('lines', path, lines(path))
    memory.push(note('goc-audit', path, ours(path)).memory)
    note('10,000 shapes', varied, ours(varied))
    if (part !== null) note(other.name, part, other.run(part))
  }
  const speed = (name: string) => median(speeds.get(name) ?? [])
  console.log(`\n${title}: ${megabytes(path).toFixed(0)} MB, ${statements.toLocaleString('en')} statements`)
  for (const name of speeds.keys()) console.log(`  ${name.padEnd(20)} ${speed(name).toFixed(2).padStart(9)} MB/s`)
  if (part !== null)
    console.log(
      `  goc-audit is ${(speed('goc-audit') / speed(other.name)).toFixed(0)} × as fast as ${other.name} (wanted: ${other.wanted})`,
    )
  console.log(
    `  with 10,000 shapes ${(speed('10,000 shapes') / speed('goc-audit')).toFixed(2)} of that speed (wanted: 0.5)`,
  )
  const long = await ten(path)
  const { seconds, memory: most } = ours(long)
  console.log(
    `  memory: ${median(memory).toFixed(0)} MB; of ${megabytes(long).toFixed(0)} MB in ${seconds.toFixed(1)} s: ${most.toFixed(0)} MB (wanted: below 300)`,
  )
  await rm(long)
}

try {
  await (await open(program, 'r')).close()
  await compare('PostgreSQL stderr log', postgresStderr, {
    name: 'pgbadger',
    wanted: 50,
    run: (path) =>
      timed('pgbadger', [
        '--quiet',
        '--jobs',
        '1',
        '--prefix',
        '%m [%p] %u@%d ',
        '--outfile',
        join(folder, 'out.html'),
        path,
      ]),
  })
  await compare('MySQL general log', mysqlGeneral, {
    name: 'pt-query-digest',
    wanted: 25,
    run: (path) => timed('pt-query-digest', ['--type', 'genlog', '--no-version-check', path]),
  })
} finally {
  await rm(folder, { recursive: true, force: true })
}
