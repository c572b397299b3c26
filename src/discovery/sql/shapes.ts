import type { Shape, ShapedText, SqlStatement } from '../../model/sql.js'
import { type SqlGrammar, STANDARD_SQL } from '../../model/statement.js'
import { endpointOf } from './endpoint.js'
import { literalValue } from './literal.js'
import { statements } from './parse/statements.js'
import { Recent } from './recent.js'
import { Scanner } from './scanner.js'
import { shapeText } from './shape-text.js'
import { Recorder, readable } from './tokens.js'

interface Known extends Shape {
  /** The rest of the hash that it is kept under. */
  readonly hash: number
  /** Of the first text. */
  readonly variant: number
}

/** Statements of texts that repeat a list otherwise than their shape's first text. */
const VARIANTS = 2_000

/** More literals than a variant that is kept may have. */
const SMALL = 400

/**
 * Takes texts apart. A shape is parsed when it is first met and then known again by its hash; of more shapes than `limit`,
 * those not met for longest are forgotten, and are new ones with a new id when they come back.
 */
export class Shapes {
  readonly #shapes: Recent<Known>
  readonly #variants = new Recent<readonly SqlStatement[]>(VARIANTS)
  readonly #scanner = new Scanner(STANDARD_SQL)
  #made = 0

  constructor(limit = 50_000) {
    this.#shapes = new Recent(limit)
  }

  /** `text`: one character per byte. Never throws; what isn't understood is among the statements as 'unparsed'. */
  take(text: string, grammar: SqlGrammar): ShapedText {
    const scanner = this.#scanner
    scanner.scan(text, grammar)
    const key = (scanner.h1 >>> 0) * 0x200000 + (scanner.h2 >>> 11)
    let shape = this.#shapes.get(key)
    const { literals, comments, variant } = scanner
    const taken = new Taken(text, grammar, literals.copy(), comments.length === 0 ? NONE : comments.copy())
    if (shape?.hash !== scanner.h2) {
      shape = this.#make(text, grammar, taken.endpoint)
      this.#shapes.set(key, shape)
    }
    taken.shape = shape
    if (variant !== 0 || shape.variant !== 0) taken.read = this.#reader(taken, shape, variant)
    return taken
  }

  #make(text: string, grammar: SqlGrammar, comment: string): Known {
    const { h2, variant } = this.#scanner
    const recorder = new Recorder(text, grammar.unquotedNames === 'lower')
    this.#scanner.scan(text, grammar, recorder)
    const parsed = statements(recorder, this.#scanner.unterminated)
    return { id: this.#made++, text: shapeText(text, recorder.tokens), statements: parsed, comment, hash: h2, variant }
  }

  #reader(taken: Taken, shape: Known, variant: number): () => readonly SqlStatement[] {
    const key = shape.id * 0x100000000 + (variant >>> 0)
    return () => {
      const known = this.#variants.get(key)
      if (known) return known
      const recorder = new Recorder(taken.text, taken.grammar.unquotedNames === 'lower')
      this.#scanner.scan(taken.text, taken.grammar, recorder, true)
      if (recorder.full) return shape.statements
      const read = statements(recorder, this.#scanner.unterminated)
      if (this.#scanner.literals.length < SMALL) this.#variants.set(key, read)
      return read
    }
  }
}

const NONE: readonly number[] = []

class Taken implements ShapedText {
  shape!: Shape
  /** Set where the statements differ from the shape's. */
  read: (() => readonly SqlStatement[]) | null = null
  readonly text: string
  readonly grammar: SqlGrammar
  readonly #literals: readonly number[]
  readonly #comments: readonly number[]
  #values: readonly string[] | null = null

  constructor(text: string, grammar: SqlGrammar, literals: readonly number[], comments: readonly number[]) {
    this.text = text
    this.grammar = grammar
    this.#literals = literals
    this.#comments = comments
  }

  get statements(): readonly SqlStatement[] {
    return this.read ? this.read() : this.shape.statements
  }

  literals(): readonly string[] {
    this.#values ??= this.#spans(this.#literals, (start, end) => literalValue(this.text, start, end, this.grammar))
    return this.#values
  }

  get endpoint(): string {
    const named = this.#spans(this.#comments.slice(0, 8), (start, end) => endpointOf(this.text.slice(start, end)))
    return readable(named.find((one) => one !== '') ?? '')
  }

  #spans(places: readonly number[], take: (start: number, end: number) => string): string[] {
    const taken: string[] = []
    for (let i = 0; i < places.length; i += 2) taken.push(take(places[i] ?? 0, places[i + 1] ?? 0))
    return taken
  }
}
