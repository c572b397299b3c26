import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { entriesOf } from '../files.js'
import { type History, historyOf, type Migration, numberOf, parseMigration } from './migrations.js'
import { type Model, modelsOf } from './models.js'
import { classesOf } from './python-values.js'

export interface App {
  readonly label: string
  /** Its migrations; absolute. */
  readonly directory: string
  readonly leaves: History['leaves']
  readonly models: readonly Model[]
  /** All that is there, without `.py`. */
  readonly migrations: readonly string[]
  readonly highestNumber: number
}

const DEPTH = 6

/** The apps with migrations in or below a directory, which may be the migrations themselves. */
export async function readApps(directory: string): Promise<App[]> {
  const own = await readApp(directory)
  return own === null ? appsBelow(directory, DEPTH) : [own]
}

async function appsBelow(directory: string, depth: number): Promise<App[]> {
  const entries = depth === 0 ? [] : await entriesOf(directory)
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return []
  const apps: App[] = []
  for (const { name, isDirectory } of entries) {
    if (!isDirectory || /^(\..*|__pycache__|node_modules|site-packages|dist-packages)$/.test(name)) continue
    const path = join(directory, name)
    const app = name === 'migrations' ? await readApp(path) : null
    apps.push(...(app === null ? await appsBelow(path, depth - 1) : [app]))
  }
  return apps
}

async function readApp(directory: string): Promise<App | null> {
  const label = await labelOf(dirname(directory))
  const migrations: Migration[] = []
  for (const { name, isDirectory } of await entriesOf(directory)) {
    // As Django: what starts with _ or ~ is none.
    const [, module] = /^([^_~].*)\.py$/.exec(name) ?? []
    if (isDirectory || module === undefined) continue
    const migration = parseMigration(label, module, await readFile(join(directory, name), 'utf8'))
    if (migration !== null) migrations.push(migration)
  }
  if (migrations.length === 0) return null
  const { inOrder, leaves } = historyOf(migrations)
  const names = migrations.map(({ name }) => name)
  const highestNumber = Math.max(...names.map(numberOf))
  return { label, directory, leaves, models: modelsOf(label, inOrder), migrations: names, highestNumber }
}

/** As AppConfig says, or the name of the app's directory. */
async function labelOf(directory: string): Promise<string> {
  const isConfigured = (await entriesOf(directory)).some(({ name }) => name === 'apps.py')
  const classes = isConfigured ? classesOf(await readFile(join(directory, 'apps.py'), 'utf8')) : []
  const labels = classes.map(({ attributes }) => attributes.get('label'))
  const label = labels.find((value) => value?.kind === 'string')
  return label?.kind === 'string' ? label.text : basename(directory)
}
