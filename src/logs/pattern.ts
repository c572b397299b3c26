import { readdir, stat } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'

const special = /[*?[{]/

export function isPattern(path: string): boolean {
  return special.test(path)
}

/** Paths of the files that a shell's pattern names: `*`, `?`, `[abc]`, `{a,b}`, and `**` for any directories. */
export async function expandPattern(pattern: string): Promise<string[]> {
  const found = new Set<string>()
  for (const one of braces(pattern)) {
    const { root } = parse(one)
    const segments = one.slice(root.length).split(sep === '\\' ? /[\\/]/ : '/')
    for (const path of await walk(
      root,
      segments.filter((segment) => segment !== ''),
    ))
      found.add(path)
  }
  return [...found]
}

async function walk(at: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments
  if (segment === undefined) {
    const info = await stat(at).catch(() => undefined)
    return info && !info.isDirectory() ? [at] : []
  }
  if (!special.test(segment)) return walk(join(at, segment), rest)
  const entries = await readdir(at === '' ? '.' : at, { withFileTypes: true }).catch(() => [])
  if (segment === '**') {
    const deeper = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    const below = await Promise.all(deeper.map((entry) => walk(join(at, entry.name), segments)))
    return [...(await walk(at, rest)), ...below.flat()]
  }
  const wanted = expressionOf(segment)
  const matching = entries.filter(({ name }) => wanted.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
  return (await Promise.all(matching.map(({ name }) => walk(join(at, name), rest)))).flat()
}

function expressionOf(segment: string): RegExp {
  const source = segment.replace(/\*+|\?|\[!?[^\]]+\]|[\\^$.+()[\]{}|]/g, (found) => {
    if (found.startsWith('*')) return '[^/]*'
    if (found === '?') return '[^/]'
    if (found.length > 2) return found.replace('[!', '[^').replaceAll('\\', '\\\\')
    return `\\${found}`
  })
  return new RegExp(`^${source}$`)
}

/** `a{b,c}d` → `abd`, `acd`. */
function braces(pattern: string): string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
  if (!found) return [pattern]
  const [whole, list = ''] = found
  const before = pattern.slice(0, found.index)
  const after = pattern.slice(found.index + whole.length)
  return list.split(',').flatMap((choice) => braces(before + choice + after))
}
