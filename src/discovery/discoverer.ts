import { mask } from '../model/mask.js'
import type { Profile } from '../model/profile.js'
import type { ShapedText, SqlInsert, SqlStatement } from '../model/sql.js'
import type { LoggedFailure, LoggedStatement, SqlGrammar, StatementSink, StatementTotals } from '../model/statement.js'
import { add, Bound, Recent } from './bounded.js'
import { type Compiled, Registry } from './compile.js'
import { countLookup } from './lookups.js'
import { type Context, pairInsert, publish, undo } from './pairing.js'
import { toProfile } from './profile.js'
import { type Inserted, Session } from './session.js'
import { Shapes } from './sql/index.js'
import { comparable, hashOf, readable, ValueReader } from './values.js'

export interface TakesShapes {
  take(text: string, grammar: SqlGrammar): ShapedText
}

export interface DiscovererOptions {
  /** Default: one's own. */
  readonly shapes?: TakesShapes
  /** Keys of races as they are, and pieces that could not be read; otherwise masked. */
  readonly showValues?: boolean
  /** Words of `--log-format`, of what is read; for the notes. */
  readonly sources?: readonly string[]
}

/** Sessions that are remembered at once. */
const SESSIONS = 5_000

/** Counts lookups, inserts and pairs in what logs and statistics tell, in their order, with bounded memory. */
export class Discoverer implements StatementSink {
  readonly #options: DiscovererOptions & { readonly shapes: TakesShapes }
  readonly #registry = new Registry()
  readonly #sessions = new Recent<string, Session>(new Bound(SESSIONS))
  readonly #notAnalysed = new Map<string, { count: number; example: string }>()
  readonly #failures: Record<string, number> = {}
  readonly #seeds = new Map<string, number>()
  #last: Session | null = null
  #seq = 0
  #sums = 0
  #withSession = 0
  #withTime = 0
  #withRows = 0

  constructor(options: DiscovererOptions = {}) {
    this.#options = { ...options, shapes: options.shapes ?? new Shapes() }
  }

  statement(one: LoggedStatement): void {
    this.#seq++
    if (one.session !== '') this.#withSession++
    if (!Number.isNaN(one.at)) this.#withTime++
    if (one.rows >= 0) this.#withRows++
    this.#run(one)
  }

  failure(one: LoggedFailure): void {
    add(this.#failures, one.kind)
    const session = this.#session(one.session)
    let failed = lastInsert(session, one.text)
    if (!failed && one.text !== '') {
      const asSent: LoggedStatement = { ...one, duration: Number.NaN, application: '', rows: Number.NaN }
      const before = session.inserts.at(-1)
      this.#seq++
      this.#run(asSent)
      const last = session.inserts.at(-1)
      if (last !== before) failed = last
    }
    if (failed) this.#failed(failed, one)
  }

  totals(one: StatementTotals): void {
    if (isReferenceCheck(one.text)) return
    this.#sums++
    // MySQL's digests leave names that are also keywords without quotes, in upper case.
    const taken = this.#options.shapes.take(one.text, { ...one.grammar, unquotedNames: 'lower' })
    if (one.truncated) {
      this.#unanalysed('truncated', taken.shape.text)
      return
    }
    for (const compiled of this.#registry.compiled(taken.shape)) {
      if (compiled.kind === 'other') {
        if (compiled.sql.kind === 'unparsed') this.#unanalysed(compiled.sql.reason, taken.shape.text)
        continue
      }
      if (compiled.kind === 'change') continue
      const { totals } = compiled.state
      totals.calls += one.calls
      if (one.rows >= 0) {
        totals.callsWithRows += one.calls
        totals.rows += one.rows
      }
      if (one.errors > 0) totals.errors += one.errors
    }
  }

  unread(reason: string, example: string): void {
    this.#unanalysed(reason, (this.#options.showValues ? readable(example) : mask(readable(example))) ?? '')
  }

  /** What was counted; nothing is read after it. */
  finish(): Profile {
    return toProfile(this.#registry, {
      schemaVersion: 1,
      statements: this.#seq,
      sums: this.#sums,
      notAnalysed: [...this.#notAnalysed].map(([reason, { count, example }]) => ({ reason, count, example })),
      failures: this.#failures,
      sources: [...(this.#options.sources ?? [])],
      withSession: this.#withSession,
      withTime: this.#withTime,
      withRows: this.#withRows,
    })
  }

  #session(name: string): Session {
    if (this.#last?.name === name) return this.#last
    const session = this.#sessions.get(name) ?? new Session(name)
    this.#sessions.set(name, session)
    this.#last = session
    return session
  }

  #run(one: LoggedStatement): void {
    const session = this.#session(one.session)
    const taken = this.#options.shapes.take(one.text, one.grammar)
    const compiled = this.#registry.compiled(taken.shape)
    if (compiled.length === 0) return
    const context: Context = {
      one,
      session,
      reader: new ValueReader(taken, one.parameters),
      seq: this.#seq,
      seed: this.#seed(one.database),
      endpoint: taken.endpoint,
      showValues: this.#options.showValues ?? false,
    }
    for (const [at, each] of compiled.entries()) this.#execute(context, each, taken.statements[at])
  }

  #execute(context: Context, compiled: Compiled, sql: SqlStatement | undefined): void {
    const { session, one } = context
    if (compiled.kind === 'other') {
      this.#other(context, compiled.sql)
      return
    }
    session.nth++
    if (compiled.kind === 'lookup') countLookup(context, compiled.state, compiled.sql, compiled.values)
    else if (compiled.kind === 'change') change(context, compiled)
    else {
      const inserted = pairInsert(context, compiled.state, sql as SqlInsert)
      session.inserted(inserted)
      if (one.rows === 0 && compiled.state.conflict === null && compiled.state.idiom === 'plain') {
        inserted.ended = 'failed'
        undo(inserted, false, null)
      } else if (!session.inTransaction && !session.implicit) this.#publish(session.end(), context)
    }
  }

  #publish(ended: readonly Inserted[], { one }: Context): void {
    for (const each of ended) if (each.ended === 'unknown') publish(each, one.at, this.#seq)
  }

  #other(context: Context, sql: SqlStatement): void {
    const { session } = context
    if (sql.kind === 'unparsed') this.#unanalysed(sql.reason, context.reader.taken.shape.text)
    if (sql.kind !== 'transaction') return
    if (sql.isolation) session.isolation = sql.isolation
    switch (sql.verb) {
      case 'begin':
        session.begin()
        break
      case 'savepoint':
        session.savepoints.push(session.pending.length)
        break
      case 'release':
        session.savepoints.pop()
        break
      case 'commit':
        this.#publish(session.end(), context)
        break
      case 'rollback':
        rolledBack(session.end(), session)
        break
      case 'rollback-to':
        rolledBack(session.pending.splice(session.savepoints.at(-1) ?? session.pending.length - 1), session)
        break
    }
  }

  #failed(inserted: Inserted, failure: LoggedFailure): void {
    const already = inserted.ended !== 'unknown'
    inserted.ended = 'failed'
    const { state } = inserted
    if (failure.kind !== 'unique-violation') {
      add(state.otherFailures, failure.kind)
      if (!already) undo(inserted, false, null)
      return
    }
    const constraint = readable(failure.constraint)
    add(state.violations, constraint)
    if (failure.columns.length > 0) state.violatedColumns[constraint] = failure.columns.map(readable)
    if (!already) undo(inserted, true, constraint)
  }

  #unanalysed(reason: string, example: string): void {
    const found = this.#notAnalysed.get(reason)
    if (!found) {
      if (this.#notAnalysed.size < 200) this.#notAnalysed.set(reason, { count: 1, example: example.slice(0, 300) })
      return
    }
    found.count++
  }

  #seed(database: string): number {
    let seed = this.#seeds.get(database)
    if (seed === undefined) {
      seed = database === '' ? 0 : hashOf([database]) % 0x7fffffff
      this.#seeds.set(database, seed)
    }
    return seed
  }
}

/** What PostgreSQL itself runs for a foreign key. */
const isReferenceCheck = (text: string): boolean =>
  /^(?:SELECT (?:1|\$\d+)|DELETE|UPDATE) (?:FROM )?ONLY .*OPERATOR\(pg_catalog\./s.test(text)

/** The INSERT that a failure speaks of: the newest with its text, or the last statement of all. */
function lastInsert(session: Session, text: string): Inserted | undefined {
  const hash = hashOf([text])
  for (let at = session.inserts.length - 1; at >= 0; at--) {
    const inserted = session.inserts[at]
    if (!inserted || session.nth - inserted.nth > 4) return undefined
    if (inserted.ended === 'failed') continue
    if (text === '' ? inserted.nth === session.nth : inserted.text === hash) return inserted
  }
  return undefined
}

function rolledBack(inserts: readonly Inserted[], session: Session): void {
  for (const inserted of inserts)
    if (inserted.ended === 'unknown') {
      // Only the last can be what failed; the others go with it.
      inserted.ended = 'rolled-back'
      undo(inserted, false, null)
    }
  void session
}

/** UPDATE and DELETE: what was known of the table's keys may no longer be so. */
function change(context: Context, { table, deletes, members }: Extract<Compiled, { kind: 'change' }>): void {
  const { session, reader, seed } = context
  table.changes++
  if (!deletes) return
  const equal = members.filter(({ value }) => value.kind !== 'null' && value.kind !== 'boolean')
  const values = equal.map(({ value, match }) => {
    const read = reader.read(value)
    return read === undefined ? null : comparable(read, match)
  })
  const columns = equal.map(({ column }) => column)
  if (columns.length === 0) return
  session.deletes.set(table, { nth: session.nth, columns, values })
  if (session.deletes.size > 32) session.deletes.delete([...session.deletes.keys()][0] as typeof table)
  for (const lookup of table.lookups) {
    const keys = lookup.members.filter(({ kind }) => kind === 'value').map(({ column }) => column)
    if (keys.length !== columns.length || !keys.every((key) => columns.includes(key))) continue
    lookup.known.delete(
      hashOf(
        keys.map((key) => values[columns.indexOf(key)] ?? null),
        seed,
      ),
    )
  }
}
