import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { program, runCli } from '../support/cli.js'
import { type Database, openDatabase } from '../support/database.js'
import { exec } from '../support/process.js'
import { anyPostgres, servers } from '../support/servers.js'

const root = join(import.meta.dirname, '../..')
const read = async <T>(path: string) => parse(await readFile(join(root, path), 'utf8')) as T
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** Words for a shell, a URL and a log, in what stands in a secret. */
const password = `p w$(touch pwned)\`touch pwned\`;'"&x`

let folder: string
let database: Database
let url: string
const inFolder = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goc-audit ci-'))
  await mkdir(inFolder('bin'))
  await writeFile(inFolder('.goc-audit.yml'), 'version: 1\nkeysets:\n  - { table: cart, columns: [session_id] }\n')
  await writeFile(inFolder('my config.yml'), 'version: 1\nkeysets:\n  - { table: tag, columns: [name] }\n')
  if (servers({ pglite: false }).length === 0) return
  database = await openDatabase(
    anyPostgres(),
    `CREATE TABLE cart (id int PRIMARY KEY, session_id text NOT NULL);
     INSERT INTO cart VALUES (1, 'secret'), (2, 'secret');
     CREATE TABLE tag (id int PRIMARY KEY, name text NOT NULL UNIQUE);`,
  )
  const reader = await database.reader()
  await database.query(`ALTER ROLE ${reader.name} PASSWORD ${database.client.escapeLiteral(password)}`)
  url = reader.url.replace(`:${reader.password}@`, `:${password}@`)
})
afterAll(async () => {
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

interface Result {
  readonly code: number
  /** Standard output and standard error. */
  readonly said: string
}

/** A script as a CI server runs it; what is first on PATH are the programs in `bin`. */
async function script(shell: readonly string[], text: string, env: Readonly<Record<string, string>>): Promise<Result> {
  const path = [inFolder('bin'), process.env.PATH].join(':')
  const home = { PATH: path, HOME: folder, npm_config_cache: process.env.npm_config_cache ?? '', NO_COLOR: '1' }
  const [command = 'sh', ...flags] = shell
  await writeFile(inFolder('script.sh'), text)
  const options = { cwd: folder, env: { ...proxies(), ...home, ...env } }
  return exec(command, [...flags, inFolder('script.sh')], options).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), said: `${stdout}${stderr}` }),
  )
}

/** What npm needs where the registry is behind something. */
const proxies = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /proxy$|^npm_config_|^NODE_EXTRA_CA_CERTS$/i.test(name)),
  )

const stub = (name: string, text: string) => writeFile(inFolder(`bin/${name}`), `#!/bin/sh\n${text}\n`, { mode: 0o755 })

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: {
    readonly using: string
    readonly steps: readonly {
      readonly id: string
      readonly shell: string
      readonly run: string
      readonly env: Readonly<Record<string, string>>
    }[]
  }
}

describe.runIf(servers({ pglite: false }).length > 0 && process.platform !== 'win32').sequential('the action', () => {
  let action: Action
  /** Relative, as a checkout may have it. */
  let tarball: string

  beforeAll(async () => {
    action = await read<Action>('.github/actions/goc-audit/action.yml')
    await exec(npm, ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    tarball = `./goc-audit-${version}.tgz`
    await writeFile(inFolder('built'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 })
  })

  /** In place of npm, which takes seconds each time: the program as it was built. */
  const installed = () =>
    stub(
      'npm',
      `echo "$*" >'${inFolder('npm')}'; mkdir -p "$3/node_modules/.bin"; cp '${inFolder('built')}' "$3/node_modules/.bin/goc-audit"`,
    )

  /** As the runner does it for `shell: bash`, and stricter: unset variables are errors. */
  async function run(inputs: Readonly<Record<string, string>>) {
    const step = action.runs.steps[0]
    const given = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? `no input ${name}`
    const env = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => given(input)),
      ]),
    )
    const files = { GITHUB_OUTPUT: inFolder('output'), GITHUB_STEP_SUMMARY: inFolder('summary') }
    for (const file of [...Object.values(files), ...['goc-audit.sarif', 'goc-audit.html'].map(inFolder)])
      await rm(file, { force: true })
    for (const file of Object.values(files)) await appendFile(file, '')
    const result = await script(['bash', '--noprofile', '--norc', '-euo', 'pipefail'], step?.run ?? '', {
      ...env,
      ...files,
      RUNNER_TEMP: folder,
      GITHUB_WORKSPACE: folder,
      npm_config_prefer_offline: 'true',
      npm_config_logs_dir: inFolder('logs'),
    })
    expect(await readFile(files.GITHUB_OUTPUT, 'utf8')).toBe(`exit-code=${result.code}\n`)
    expect(result.said).not.toMatch(/touch|pwned|secret/)
    expect(existsSync(inFolder('pwned'))).toBe(false)
    return { ...result, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') }
  }

  test('takes every input through the environment, and none as text of the script', () => {
    expect(action.runs.using).toBe('composite')
    const [step] = action.runs.steps
    expect(step?.shell).toBe('bash')
    expect(step?.run).not.toContain('${{')
    const used = Object.values(step?.env ?? {}).join(' ')
    for (const name of Object.keys(action.inputs)) {
      if (name !== 'working-directory') expect(used).toContain(`\${{ inputs.${name} }}`)
      expect(action.inputs[name]?.description).toMatch(/\.$/)
    }
    expect(action.outputs['exit-code']?.value).toBe(`\${{ steps.${step?.id}.outputs.exit-code }}`)
  })

  test('installs a package, and reports what it finds', async () => {
    const { code, said, summary } = await run({ url, version: tarball })
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringMatching(/^::error .*cart\(session_id\)/m) })
    expect(summary.replaceAll('&#95;', '_')).toContain('cart(session_id)')
    const sarif = JSON.parse(await readFile(inFolder('goc-audit.sarif'), 'utf8'))
    expect(sarif.runs[0].results).toHaveLength(2)
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('.goc-audit.yml')
    expect(await readFile(inFolder('goc-audit.html'), 'utf8')).toMatch(/^<!doctype html>/i)
    // The password in none of npm's logs, and nothing left of the installation.
    expect((await exec('ls', [inFolder('logs')])).stdout).toMatch(/debug/)
    expect((await exec('grep', ['-rl', 'pwned', inFolder('logs')]).catch(() => ({ stdout: '' }))).stdout).toBe('')
    expect((await exec('ls', [folder])).stdout).not.toMatch(/^goc-audit\.\w{6}$/m)
  })

  test('passes where nothing is wrong, writes what is asked for, and reads a configuration with a blank in its name', async () => {
    await installed()
    const { code, said } = await run({ url, config: 'my config.yml', sarif: '', html: '' })
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('tag(name)') })
    expect(said).not.toContain('::error')
    expect(existsSync(inFolder('goc-audit.sarif')) || existsSync(inFolder('goc-audit.html'))).toBe(false)
    expect((await readFile(inFolder('npm'), 'utf8')).trim()).toMatch(/ -- goc-audit@latest$/)
    expect((await run({ url, 'fail-on': 'never' })).code).toBe(0)
  })

  test('accepts what a baseline has, and reads a snapshot in place of a database', async () => {
    await installed()
    const at = { cwd: folder, env: { DATABASE_URL: database.url } }
    await runCli(['scan', '--baseline', 'base line.json', '--update-baseline', '--snapshot', 'shot.json'], at)
    expect((await run({ url, baseline: 'base line.json' })).code).toBe(0)
    const { code, said } = await run({ snapshot: 'shot.json', url: 'postgres://nobody@127.0.0.1:1/none' })
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringMatching(/^::error /m) })
  })

  test('ends with 2 where it could not look, and says so in every output', async () => {
    await installed()
    const { code, said } = await run({ url: `postgres://x:${password}@127.0.0.1:1/none` })
    expect({ code, said }).toMatchObject({ code: 2, said: expect.stringMatching(/^::error /m) })
    const sarif = JSON.parse(await readFile(inFolder('goc-audit.sarif'), 'utf8'))
    expect(sarif.runs[0].invocations[0].executionSuccessful).toBe(false)
    await stub('npm', 'echo gone >&2; exit 1')
    expect(await run({ url })).toMatchObject({ code: 2, said: expect.stringContaining('::error title=goc-audit::') })
  })
})

describe.runIf(servers({ pglite: false }).length > 0 && process.platform !== 'win32')('the job for GitLab', () => {
  interface Job {
    readonly script: readonly string[]
    readonly variables: Readonly<Record<string, string>>
    readonly artifacts: {
      readonly when: string
      readonly paths: readonly string[]
      readonly reports: { readonly codequality: string; readonly junit: string }
    }
  }

  test('writes the reports that it hands over, also when it fails', async () => {
    const job = (await read<Record<string, Job>>('docs/ci/goc-audit.gitlab-ci.yml'))['goc-audit']
    if (job === undefined) throw new Error('no job')
    await stub(
      'npx',
      `[ "$1 $2 $3 $4" = "--yes --package=goc-audit@latest -- goc-audit" ] || exit 9
      shift 4; exec '${process.execPath}' '${program}' "$@"`,
    )
    const run = (env: Readonly<Record<string, string>>) =>
      script(['sh', '-eu'], job.script.join('\n'), { ...job.variables, ...env })
    const { code, said } = await run({ DATABASE_URL: url })
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('cart(session_id)') })
    expect(said).not.toMatch(/touch|pwned|secret/)
    expect(job.artifacts.when).toBe('always')
    const { codequality, junit } = job.artifacts.reports
    const issues = JSON.parse(await readFile(inFolder(codequality), 'utf8'))
    expect(issues).toMatchObject([{ check_name: expect.any(String), fingerprint: expect.any(String) }, {}])
    expect(await readFile(inFolder(junit), 'utf8')).toMatch(/<testsuites.*<failure.*<\/testsuites>\s*$/s)
    for (const path of job.artifacts.paths) expect(await readFile(inFolder(path), 'utf8')).toMatch(/<\/html>\s*$/)
    expect((await run({ DATABASE_URL: url, GOC_AUDIT_ARGUMENTS: '--fail-on never' })).code).toBe(0)
  })
})

describe.runIf(servers({ pglite: false }).length > 0)('the job for Kubernetes', () => {
  interface Container {
    readonly args: readonly string[]
    readonly env: readonly { readonly name: string }[]
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  }
  interface CronJob {
    readonly apiVersion: string
    readonly kind: string
    readonly spec: { readonly schedule: string; readonly jobTemplate: { readonly spec: { readonly template: Pod } } }
  }
  interface Pod {
    readonly spec: {
      readonly restartPolicy: string
      readonly containers: readonly Container[]
      readonly volumes: readonly { readonly name: string }[]
    }
  }

  test('has arguments that the program takes, and volumes for what it reads and writes', async () => {
    const job = await read<CronJob>('docs/ci/cronjob.yaml')
    expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'CronJob' })
    expect(job.spec.schedule).toMatch(/^(\S+ ){4}\S+$/)
    const { spec } = job.spec.jobTemplate.spec.template
    expect(spec.restartPolicy).toBe('Never')
    const [container] = spec.containers
    if (container === undefined) throw new Error('no container')
    const mounts = container.volumeMounts
    expect(mounts.map(({ name }) => name)).toEqual(spec.volumes.map(({ name }) => name))
    expect(container.env.map(({ name }) => name)).toEqual(['DATABASE_URL'])
    const files = container.args.filter((each) => each.startsWith('/'))
    for (const file of files)
      expect(
        mounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`)),
        file,
      ).toBe(true)
    const args = container.args.map((each) => (files.includes(each) ? inFolder('history.jsonl') : each))
    const { code, stderr } = await runCli(args, { cwd: folder, env: { DATABASE_URL: url } })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect((await readFile(inFolder('history.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1)
  })
})

test('the hook for pre-commit runs for the files that it is about, without a database where there is a snapshot', async () => {
  const hooks = await read<Record<string, string>[]>('.pre-commit-hooks.yaml')
  const [hook] = hooks
  expect(hooks).toHaveLength(1)
  expect(hook).toMatchObject({ id: 'goc-audit', language: 'node', pass_filenames: false })
  const files = new RegExp(hook?.files ?? '')
  for (const path of ['.goc-audit.yml', 'a/.goc-audit.yaml', '.goc-audit-baseline.json', 'shop/migrations/0001_x.py'])
    expect(path).toMatch(files)
  for (const path of ['goc-audit.yml', 'x.goc-audit.yml', '.goc-audit.yml.bak', 'src/immigrations/x.ts', 'migrations'])
    expect(path).not.toMatch(files)
  const [name, ...args] = hook?.entry?.split(' ') ?? []
  expect(name).toBe('goc-audit')
  // pre-commit takes all that `npm pack` prints for the name of a file.
  expect((await exec(npm, ['config', 'get', 'foreground-scripts'], { cwd: root })).stdout.trim()).toBe('false')
  if (database === undefined) return
  await runCli(['scan', '--snapshot', 'hook.json'], { cwd: folder, env: { DATABASE_URL: url } })
  const { code, stdout } = await runCli([...args, '--from-snapshot', 'hook.json'], { cwd: folder })
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('cart(session_id)') })
})

test('the pages about CI have YAML that parses, and links that lead somewhere', async () => {
  const pages = (await readdir(join(root, 'docs/ci')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `ci/${name}`)
  expect(pages).toHaveLength(5)
  for (const page of ['ci.md', 'grants.md', ...pages]) {
    const text = await readFile(join(root, 'docs', page), 'utf8')
    for (const [, block] of text.matchAll(/^```yaml\n(.*?)^```/gms)) expect(parse(block ?? ''), page).toBeTruthy()
    for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? join(root, 'docs', page) : join(root, 'docs', dirname(page), path)
      expect(existsSync(target), `${page}: ${link}`).toBe(true)
      if (anchor !== undefined) expect(anchors(await readFile(target, 'utf8')), `${page}: ${link}`).toContain(anchor)
    }
  }
})

/** As GitHub makes them of headings: the second of the same text ends in -1. */
function anchors(text: string): string[] {
  const made: string[] = []
  for (const [, heading = ''] of text.matchAll(/^#+ (.*)$/gm)) {
    const plain = heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-')
    const before = made.filter((each) => each === plain || each.startsWith(`${plain}-`)).length
    made.push(before === 0 ? plain : `${plain}-${before}`)
  }
  return made
}
