import { classesOf, type Value } from './python-values.js'

/** A migration as its file declares it; its name is the file's. */
export interface Migration {
  readonly name: string
  readonly operations: readonly Value[]
  /** Those of its own app that come before it. */
  readonly dependencies: readonly string[]
  /** Those of its own app that it is a squash of. */
  readonly replaces: readonly string[]
}

/** Null for a file without a migration. */
export function parseMigration(app: string, name: string, source: string): Migration | null {
  if (!source.includes('Migration')) return null
  const attributes = classesOf(source).find((found) => found.name === 'Migration')?.attributes
  if (attributes === undefined || !(attributes.has('operations') || attributes.has('dependencies'))) return null
  return {
    name,
    operations: listed(attributes.get('operations')),
    dependencies: listed(attributes.get('dependencies')).flatMap((value) => ofApp(app, value)),
    replaces: listed(attributes.get('replaces')).flatMap((value) => ofApp(app, value)),
  }
}

export interface History {
  /** First to last, squashed ones in place of those that they replace. */
  readonly inOrder: readonly Migration[]
  /** What the next one has to come after; several where branches weren't merged. */
  readonly leaves: readonly string[]
}

/** As Django's loader orders the migrations of one app. */
export function historyOf(migrations: readonly Migration[]): History {
  const squashes = new Map(migrations.flatMap(({ name, replaces }) => replaces.map((replaced) => [replaced, name])))
  const current = (name: string): string => {
    const squash = squashes.get(name)
    return squash === undefined || squash === name ? name : current(squash)
  }
  const nodes = migrations.filter(({ name }) => current(name) === name)
  const before = new Map(nodes.map((node) => [node.name, node.dependencies.map(current)]))
  const needed = new Set([...before].flatMap(([name, names]) => names.filter((other) => other !== name)))
  return {
    inOrder: afterWhatTheyNeed(nodes, before),
    leaves: nodes.map(({ name }) => name).filter((name) => !needed.has(name)),
  }
}

function afterWhatTheyNeed(
  nodes: readonly Migration[],
  before: ReadonlyMap<string, readonly string[]>,
): readonly Migration[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const inOrder = new Set<Migration>()
  const entered = new Set<string>()
  const enter = (name: string) => {
    const node = byName.get(name)
    if (node === undefined || entered.has(name)) return
    entered.add(name)
    before.get(name)?.forEach(enter)
    inOrder.add(node)
  }
  for (const { name } of nodes) enter(name)
  return [...inOrder]
}

/** The number that Django reads in a name: of a squashed one, that of the last it replaces. */
export function numberOf(name: string): number {
  return Number.parseInt(/_squashed_(\d+)/.exec(name)?.[1] ?? /^\d+/.exec(name)?.[0] ?? '0', 10)
}

/** `('shop', '0001_initial')`, where it is of this app. */
function ofApp(app: string, value: Value): string[] {
  const [label, name] = listed(value)
  return label?.kind === 'string' && label.text === app && name?.kind === 'string' ? [name.text] : []
}

export function listed(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : []
}
