import type { DeclaredReference, KeyPart, KeySet, MergePolicy, SourceLocation, TableName } from '../model/keyset.js'
import { collapseSpace } from '../model/keyset-id.js'
import type { ConfigDocument, Path } from './document.js'
import { type Parsed, parseColumnName, parseMember, parseTableName } from './names.js'
import { didYouMean, nearest, type Problem } from './problems.js'
import { type RawKeySet, survivorWords } from './schema.js'

type Report = (problem: Problem) => void

/** From the file's words to the model's; mistakes that the schema can't see are reported, and the rest goes on. */
export function toKeySets(raw: readonly RawKeySet[], document: ConfigDocument, report: Report): KeySet[] {
  const keySets = raw.map((each, index) => new KeySetReader(each, ['keysets', index], document, report).read())
  reportTwins(keySets, report)
  return keySets
}

class KeySetReader {
  constructor(
    private readonly raw: RawKeySet,
    private readonly path: Path,
    private readonly document: ConfigDocument,
    private readonly report: Report,
  ) {}

  read(): KeySet {
    const { raw } = this
    const location = this.document.locate(this.path)
    const parts = raw.columns.map((text, index) => this.#part(text, index))
    this.#reportRepeated(parts)
    const boundAs = this.#byColumn('bound_as', raw.bound_as, parts)
    return {
      table: this.#table(raw.table, ['table']),
      parts,
      match: this.#byColumn('match', raw.match, parts).values,
      boundAs: boundAs.values,
      boundAsLocations: boundAs.locations,
      idiom: raw.idiom,
      resolution: {
        survivor: this.#survivor(),
        merge: this.#merge(raw.merge, ['merge']),
        divergent: raw.divergent,
        references: raw.references.map((each, index) => this.#reference(each, ['references', index])),
      },
      evidence: [{ kind: 'declared', location }],
      location,
      ...(raw.where !== undefined && { where: raw.where, whereLocation: this.#at(['where']) }),
      ...(raw.nulls !== undefined && { nulls: raw.nulls }),
      ...(raw.isolation !== undefined && { isolation: raw.isolation }),
    }
  }

  #at(path: Path): SourceLocation {
    return this.document.locate([...this.path, ...path])
  }

  /** The value, or the fallback after a report. */
  #take<T>(parsed: Parsed<T>, path: Path, fallback: T): T {
    if ('value' in parsed) return parsed.value
    this.#complain(parsed.problem, parsed.advice, path)
    return fallback
  }

  #complain(message: string, advice: string, path: Path): void {
    this.report({ code: 'config-invalid-value', message, advice, location: this.#at(path) })
  }

  #table(text: string, path: Path): TableName {
    return { ...this.#take(parseTableName(text), path, { name: text }), location: this.#at(path) }
  }

  #part(text: string, index: number): KeyPart {
    const path = ['columns', index]
    return { ...this.#take(parseMember(text), path, { kind: 'column', name: text }), location: this.#at(path) }
  }

  #reportRepeated(parts: readonly KeyPart[]): void {
    const seen = new Set<string>()
    parts.forEach((part, index) => {
      const id = partId(part)
      if (seen.has(id)) {
        this.#complain(`\`${this.raw.columns[index]}\` stands twice in \`columns\`.`, 'Remove one of the two.', [
          'columns',
          index,
        ])
      }
      seen.add(id)
    })
  }

  /** A mapping whose keys must be columns of this key set. */
  #byColumn<T>(key: 'match' | 'bound_as', given: Readonly<Record<string, T>>, parts: readonly KeyPart[]) {
    const known = parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []))
    const values: Record<string, T> = {}
    const locations: Record<string, SourceLocation> = {}
    for (const [text, value] of Object.entries(given)) {
      const name = this.#take(parseColumnName(text), [key, text], text)
      if (!known.includes(name)) {
        const advice =
          known.length === 0
            ? 'It is for plain columns; an expression says by itself how it compares.'
            : didYouMean(name, known)
        const location = this.document.locateKey([...this.path, key, text])
        this.report({
          code: 'config-invalid-value',
          message: `\`${text}\` in \`${key}\` is not among the \`columns\` of this key set.`,
          advice,
          location,
        })
      }
      values[name] = value
      locations[name] = this.#at([key, text])
    }
    return { values, locations }
  }

  #survivor(): string {
    const { survivor } = this.raw
    const known: readonly string[] = survivorWords
    if (known.includes(survivor) || !/^[\w-]+$/.test(survivor)) return survivor
    const near = nearest(survivor, known)
    if (near !== null) {
      const advice = `Did you mean \`${near}\`? For a column of that name write \`${survivor} ASC\`.`
      this.#complain(`\`survivor\` is \`${survivor}\`.`, advice, ['survivor'])
    }
    return survivor
  }

  #merge(given: Readonly<Record<string, MergePolicy>>, path: Path): Record<string, MergePolicy> {
    return Object.fromEntries(
      Object.entries(given).map(([text, policy]) => [this.#take(parseColumnName(text), [...path, text], text), policy]),
    )
  }

  #reference(raw: RawKeySet['references'][number], path: Path): DeclaredReference {
    return {
      table: this.#table(raw.table, [...path, 'table']),
      columns: raw.columns.map((text, index) => this.#take(parseColumnName(text), [...path, 'columns', index], text)),
      merge: this.#merge(raw.merge, [...path, 'merge']),
      ...(raw.where !== undefined && { where: raw.where }),
    }
  }
}

function partId(part: KeyPart): string {
  return part.kind === 'column' ? `c:${part.name}` : `e:${collapseSpace(part.sql)}`
}

function reportTwins(keySets: readonly KeySet[], report: Report): void {
  const seen = new Map<string, KeySet>()
  for (const keySet of keySets) {
    const id = identity(keySet)
    const first = seen.get(id)
    if (first === undefined) seen.set(id, keySet)
    else {
      const { file, line, column } = first.location ?? { file: '', line: 0, column: 0 }
      report({
        code: 'config-duplicate-keyset',
        message: `This key set stands in the file twice: the first is at ${file}:${line}:${column}.`,
        advice: 'Remove one of the two; the order of columns makes no difference.',
        location: keySet.location,
      })
    }
  }
}

function identity({ table, parts, where, match }: KeySet): string {
  const matches = Object.entries(match).filter(([, how]) => how !== 'exact')
  return JSON.stringify([
    table.schema ?? null,
    table.name,
    parts.map(partId).sort(),
    where === undefined ? null : collapseSpace(where),
    matches.sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
}
