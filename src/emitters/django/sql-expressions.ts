/** What a column of a row has to be. */
export type Condition = { readonly column: string } & Test

type Test = { readonly isNull: boolean } | { readonly equals: Constant }

export type Constant = boolean | { readonly text: string } | { readonly number: string }

interface Fold {
  readonly fold: 'lower' | 'upper'
  readonly column: string
}

/** A predicate that is nothing but simple conditions joined by AND; null: it is more than that. */
export function parseConditions(sql: string): readonly Condition[] | null {
  return parse(sql, (parser) => parser.conditions())
}

/** `lower((email)::text)`; null: it is something else. */
export function parseFold(sql: string): Fold | null {
  return parse(sql, (parser) => parser.fold())
}

function parse<T>(sql: string, read: (parser: Parser) => T | null): T | null {
  const parser = new Parser(sql)
  const result = read(parser)
  return parser.isAtEnd ? result : null
}

interface Token {
  readonly kind: string
  readonly text: string
}

const TOKEN =
  /\s+|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<other>::|.)/gsu

function tokensOf(sql: string): Token[] {
  return [...sql.matchAll(TOKEN)].flatMap(({ groups }) =>
    Object.entries(groups ?? {}).flatMap(([kind, text]) => (text === undefined ? [] : [{ kind, text }])),
  )
}

const TEXTS = ['character varying', 'varchar', 'text']
const INTEGERS = ['smallint', 'integer', 'bigint']

/** Written so in Python too. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** Of SQL as PostgreSQL prints it, and as people write it. What a method can't read, it leaves where it is: null. */
class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(sql: string) {
    this.#tokens = tokensOf(sql)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  conditions(): readonly Condition[] | null {
    return this.#attempt(() => {
      const all: Condition[] = []
      do {
        const some = this.#condition()
        if (some === null) return null
        all.push(...some)
      } while (this.#accept('and'))
      return all
    })
  }

  fold(): Fold | null {
    return this.#attempt(() => {
      const fold = (['lower', 'upper'] as const).find((name) => this.#accept(name))
      if (fold === undefined) return this.#between(() => this.fold())
      const column = this.#between(() => this.#column())
      return column === null ? null : { fold, column }
    })
  }

  #condition(): readonly Condition[] | null {
    return this.#comparison() ?? this.#flag() ?? this.#between(() => this.conditions())
  }

  #comparison(): Condition[] | null {
    return this.#attempt(() => {
      const column = this.#column()
      const test = this.#nullness() ?? this.#equality()
      return column === null || test === null ? null : [{ column, ...test }]
    })
  }

  #flag(): Condition[] | null {
    return this.#attempt(() => {
      const equals = !this.#accept('not')
      const column = this.#column()
      return column === null ? null : [{ column, equals }]
    })
  }

  #nullness(): Test | null {
    return this.#attempt(() => {
      if (!this.#accept('is')) return null
      const isNull = !this.#accept('not')
      return this.#accept('null') ? { isNull } : null
    })
  }

  #equality(): Test | null {
    return this.#attempt(() => {
      const equals = this.#accept('=') ? this.#constant() : null
      return equals === null ? null : { equals }
    })
  }

  #constant(): Constant | null {
    if (this.#accept('true')) return true
    if (this.#accept('false')) return false
    const minus = this.#accept('-') ? '-' : ''
    const number = this.#take('number')
    if (number !== null) return NUMBER.test(number) ? { number: minus + number } : null
    const string = this.#take('string')?.slice(1, -1).replaceAll("''", "'")
    if (string === undefined || minus !== '') return this.#between(() => this.#constant())
    if (this.#cast(INTEGERS)) return NUMBER.test(string) ? { number: string } : null
    this.#cast(TEXTS)
    return { text: string }
  }

  /** A cast to text changes nothing about a text. */
  #column(): string | null {
    return this.#attempt(() => {
      const quoted = this.#take('quoted')?.slice(1, -1).replaceAll('""', '"')
      const column = quoted ?? this.#take('word')?.toLowerCase() ?? this.#between(() => this.#column())
      if (column !== null) this.#cast(TEXTS)
      return column
    })
  }

  #cast(types: readonly string[]): boolean {
    const type = this.#attempt(() => {
      if (!this.#accept('::')) return null
      return types.find((name) => name.split(' ').every((word) => this.#accept(word))) ?? null
    })
    return type !== null
  }

  #between<T>(read: () => T | null): T | null {
    return this.#attempt(() => {
      const result = this.#accept('(') ? read() : null
      return result !== null && this.#accept(')') ? result : null
    })
  }

  #attempt<T>(read: () => T | null): T | null {
    const start = this.#at
    const result = read()
    if (result === null) this.#at = start
    return result
  }

  #accept(text: string): boolean {
    const token = this.#tokens[this.#at]
    const accepted = (token?.kind === 'word' || token?.kind === 'other') && token.text.toLowerCase() === text
    if (accepted) this.#at++
    return accepted
  }

  #take(kind: string): string | null {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind) return null
    this.#at++
    return token.text
  }
}
