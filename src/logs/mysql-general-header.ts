import type { Clock } from './mysql-time.js'

/** Every name that the servers print, so that a text that happens to look like the head of a record rarely passes for one. */
const commands = new Set([
  ...['Sleep', 'Quit', 'Init DB', 'Query', 'Field List', 'Create DB', 'Drop DB', 'Refresh', 'Shutdown', 'Statistics'],
  ...['Processlist', 'Connect', 'Kill', 'Debug', 'Ping', 'Time', 'Delayed insert', 'Change user', 'Binlog Dump'],
  ...['Table Dump', 'Connect Out', 'Register Slave', 'Register Replica', 'Prepare', 'Execute', 'Long Data'],
  ...['Close stmt', 'Reset stmt', 'Set option', 'Fetch', 'Daemon', 'Binlog Dump GTID', 'Reset Connection', 'clone'],
  ...['Subscribe Group Replication Stream', 'Error', 'Com_multi', 'Bulk_execute', 'Bulk Execute'],
  ...['Slave_worker', 'Slave_IO', 'Slave_SQL', 'Slave worker', 'Slave IO', 'Slave SQL'],
])

/** `yymmdd hh:mm:ss` or two tabs in the place of the second before it, and ISO 8601. */
export type Form = 'short' | 'iso'

/** The head of a record of the general log: a time, the connection's number, a command, a tab. */
export class GeneralHeader {
  form: Form = 'iso'
  /** Milliseconds; NaN where the log tells no time for it. */
  at = Number.NaN
  id = ''
  command = ''
  /** Where the argument begins. */
  argument = 0

  constructor(private readonly clock: Clock) {}

  /** Whether the line is one, in `form` where it is given; then the fields are its. */
  read(text: string, start: number, end: number, form?: Form): boolean {
    const first = text.charCodeAt(start)
    if (first === 9) return form !== 'iso' && this.#readSameSecond(text, start, end)
    if (first < 48 || first > 57) return false
    if (text.charCodeAt(start + 10) === 84) return form !== 'short' && this.#readIso(text, start, end)
    return form !== 'iso' && text.charCodeAt(start + 6) === 32 && this.#readShort(text, start, end)
  }

  #readSameSecond(text: string, start: number, end: number): boolean {
    if (text.charCodeAt(start + 1) !== 9 || !this.#readRest(text, start + 2, end)) return false
    this.form = 'short'
    return true
  }

  #readShort(text: string, start: number, end: number): boolean {
    if (text.charCodeAt(start + 15) !== 9) return false
    const at = this.clock.short(text, start)
    if (Number.isNaN(at) || !this.#readRest(text, start + 16, end)) return false
    this.form = 'short'
    this.at = at
    return true
  }

  #readIso(text: string, start: number, end: number): boolean {
    const tab = text.indexOf('\t', start + 19)
    if (tab < 0 || tab >= end || tab - start > 35) return false
    const at = this.clock.iso(text, start, tab)
    if (Number.isNaN(at) || !this.#readRest(text, tab + 1, end)) return false
    this.form = 'iso'
    this.at = at
    return true
  }

  /** `   13 Query` and a tab. */
  #readRest(text: string, start: number, end: number): boolean {
    let at = start
    while (text.charCodeAt(at) === 32) at += 1
    const id = at
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1
    if (at === id || at - id > 20 || text.charCodeAt(at) !== 32) return false
    let tab = at + 1
    const furthest = Math.min(end, tab + 40)
    while (tab < furthest && text.charCodeAt(tab) !== 9) tab += 1
    if (text.charCodeAt(tab) !== 9) return false
    const command = text.slice(at + 1, tab)
    if (tab >= end || !commands.has(command)) return false
    this.command = command
    this.id = text.slice(id, at)
    this.argument = tab + 1
    return true
  }
}
