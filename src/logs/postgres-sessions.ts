/** A process id that was quiet for so long, in milliseconds, may well be another process by now. */
const LONG_QUIET = 3_600_000
const MOST = 50_000

interface Holder {
  generation: number
  database: string
  at: number
  name: string
}

/** Names of sessions where a log tells process ids only, which the system gives out again and again. */
export class SessionNames {
  readonly #holders = new Map<string, Holder>()
  #generation = 0
  #last: Holder | undefined
  #lastPid = ''

  /** `starts`: the message says that a connection was made. */
  nameOf(pid: string, database: string, at: number, starts: boolean): string {
    let holder = pid === this.#lastPid ? this.#last : this.#holders.get(pid)
    const other =
      holder !== undefined &&
      (starts ||
        at - holder.at > LONG_QUIET ||
        (database !== '' && holder.database !== '' && database !== holder.database))
    if (holder === undefined || other) {
      if (this.#holders.size > MOST) this.#holders.clear()
      holder = { generation: other ? ++this.#generation : 0, database, at, name: pid }
      if (holder.generation > 0) holder.name = `${pid}#${holder.generation}`
      this.#holders.set(pid, holder)
    }
    holder.at = at
    if (database !== '') holder.database = database
    this.#last = holder
    this.#lastPid = pid
    return holder.name
  }

  /** The server was started: no process is what it was. */
  restart(): void {
    for (const holder of this.#holders.values()) holder.at = Number.NEGATIVE_INFINITY
  }
}
