import { existsSync } from 'node:fs'
import { access, constants, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { didYouMean } from '../config/problems.js'
import { UserError } from '../model/errors.js'
import type { OutputKind, OutputOptions } from '../report/outputs/index.js'
import type { Report, Tool } from '../report/report.js'
import type { TextOptions } from '../report/terminal.js'
import { failureLines } from './failure.js'

/** One `--output KIND=PATH`. */
export interface Output {
  readonly kind: OutputKind
  /** As written; null: standard output. */
  readonly path: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/** Named here as well, so that the renderers are loaded only when they are needed. */
export const OUTPUT_KINDS: readonly OutputKind[] = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'markdown',
  'html',
]

const PLAIN: TextOptions = { width: 100, color: false }

/** `sarif=out.sarif`, `html=-`, `github`. Throws UserError. */
export function parseOutput(text: string): Output {
  const [kind = '', ...rest] = text.split('=')
  const known = OUTPUT_KINDS.find((one) => one === kind)
  if (known === undefined) {
    throw new UserError(`--output: there is no kind "${kind}".`, {
      code: 'usage',
      suggestions: [didYouMean(kind, OUTPUT_KINDS)],
    })
  }
  const path = rest.join('=')
  if (rest.length > 0 && path === '') {
    throw new UserError(`--output: ${kind}= names no file.`, {
      code: 'usage',
      suggestions: [`Write \`${kind}=FILE\`, or \`${kind}\` alone for standard output.`],
    })
  }
  return { kind: known, path: rest.length === 0 || path === '-' ? null : path }
}

/** Before anything is scanned: every place is different, and can be written to. Throws UserError. */
export async function prepareOutputs(outputs: readonly Output[], json: boolean): Promise<void> {
  const printed = outputs.filter(({ kind, path }) => path === null && kind !== 'github')
  const claims = [...(json ? ['--json'] : []), ...printed.map(({ kind }) => `--output ${kind}`)]
  if (claims.length > 1) {
    throw new UserError(`${claims.join(' and ')} both write to standard output.`, {
      code: 'usage',
      suggestions: ['Name a file for all but one of them, as in `--output sarif=goc-audit.sarif`.'],
    })
  }
  const seen = new Set<string>()
  for (const { kind, path } of outputs) {
    const place = path === null ? `${kind} on standard output` : await placed(path)
    if (seen.has(place)) {
      throw new UserError(`--output: ${path ?? place} is named twice.`, {
        code: 'usage',
        suggestions: ['Give each output a file of its own.'],
      })
    }
    seen.add(place)
  }
}

/** Where a path leads in the end; its folder is made. Throws UserError where nothing can be written there. */
async function placed(path: string): Promise<string> {
  const whole = resolve(path)
  try {
    await mkdir(dirname(whole), { recursive: true })
    const target = await realpath(whole).catch(() => join(dirname(whole), basename(whole)))
    const found = await stat(target).catch(() => null)
    if (found?.isDirectory()) throw new Error('it is a directory')
    await access(found === null || found.isFile() ? dirname(target) : target, constants.W_OK)
    return target
  } catch (cause) {
    throw unwritable(path, cause as Error)
  }
}

function unwritable(path: string, cause: Error): UserError {
  return new UserError(`${path} can't be written: ${cause.message}.`, {
    code: 'file-not-written',
    suggestions: ['Name another file in --output.'],
    cause,
  })
}

export interface WriteOptions extends Omit<OutputOptions, 'inRepository' | 'at'> {
  readonly env: Environment
  /** For text on standard output. */
  readonly layout: TextOptions
  readonly json: boolean
}

/**
 * Every output to its place. Without one for standard output (nor `--json`) text goes there. What can't be written
 * doesn't stop the others; the first such failure is thrown as UserError afterwards.
 */
export async function writeOutputs(outputs: readonly Output[], report: Report, options: WriteOptions): Promise<void> {
  const [{ outputs: renderers, githubSummary }, { env }] = [await import('../report/outputs/index.js'), options]
  const own = { ...options, at: new Date().toISOString(), inRepository: repository(env) }
  const render = (kind: OutputKind, text: TextOptions) => renderers[kind](report, { ...own, text })
  const claimed = options.json || outputs.some(({ kind, path }) => path === null && kind !== 'github')
  if (!claimed) await print(process.stdout, inert(render('text', options.layout)))
  const failures: unknown[] = []
  for (const { kind, path } of outputs) {
    const text = render(kind, path === null ? options.layout : PLAIN)
    // A runner reads its commands from either stream; JSON on standard output must stay JSON.
    const stream = kind === 'github' && options.json ? process.stderr : process.stdout
    if (path === null) await print(stream, kind === 'text' || kind === 'markdown' ? inert(text) : text)
    else await writeWhole(path, text).catch((error: unknown) => failures.push(error))
  }
  const summary = env.GITHUB_STEP_SUMMARY
  if (summary && outputs.some(({ kind }) => kind === 'github'))
    await writeFile(summary, githubSummary(report, own), { flag: 'a' }).catch((cause: Error) =>
      failures.push(unwritable(summary, cause)),
    )
  if (failures.length > 0) throw failures[0]
}

function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((done) => stream.write(text, () => done()))
}

/** No line of it is a command for a CI server that reads what its jobs print. */
export function inert(text: string): string {
  return text.replace(/^(\s*)::/gm, '$1: :').replaceAll('##[', '# #[')
}

/** As a whole or not at all; into pipes and devices directly. */
async function writeWhole(path: string, text: string): Promise<void> {
  const target = await placed(path)
  const aside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    const found = await stat(target).catch(() => null)
    if (found !== null && !found.isFile()) return await writeFile(target, text)
    await writeFile(aside, text, { flag: 'wx' })
    await rename(aside, target)
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => {})
    throw unwritable(path, cause as Error)
  }
}

/** What CI servers call the checkout, else the nearest folder with `.git`, else here. */
function repository(env: Environment): OutputOptions['inRepository'] {
  const root = [env.GITHUB_WORKSPACE, env.CI_PROJECT_DIR].find((path) => path && contains(path, process.cwd()))
  const from = root ?? nearestRepository(process.cwd()) ?? process.cwd()
  return (file) => (contains(from, resolve(file)) ? relative(from, resolve(file)).split(sep).join('/') : null)
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path
}

function nearestRepository(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder
  return dirname(folder) === folder ? null : nearestRepository(dirname(folder))
}

/** The report of a scan that could not even begin, so that no output of yesterday is taken for today's. */
export function failedReport(error: UserError, tool: Tool): Report {
  const summary = { keySets: 0, full: 0, conditional: 0, degraded: 0, none: 0, unknown: 0 }
  const none = { ...summary, duplicateGroups: 0, surplusRows: 0 }
  const failures = [
    failureLines(error)
      .map((line) => line.trim())
      .join(' '),
  ]
  const database = { name: '', dialect: '', flavour: '', version: '' }
  const lists = { keySets: [], findings: [], ignored: [], notAnalysed: [], notes: [] }
  return {
    tool,
    several: false,
    showsValues: false,
    complete: false,
    databases: [{ database, complete: false, ...lists, failures, summary: none }],
    summary: none,
  }
}

/** Outputs of a scan that threw, whose error is then thrown on. Standard output is left alone, but for GitHub. */
export async function writeFailed(
  outputs: readonly Output[],
  error: unknown,
  tool: Tool,
  options: WriteOptions,
): Promise<never> {
  const useful = outputs.filter(({ kind, path }) => path !== null || kind === 'github')
  if (error instanceof UserError && useful.length > 0)
    await writeOutputs(useful, failedReport(error, tool), { ...options, json: true }).catch(() => {})
  throw error
}
