/** Minutes to add to UTC, for the zones that servers of companies run in; an ambiguous one has its commonest meaning. */
const zones = table(
  'UTC 0 UCT 0 GMT 0 Z 0 WET 0 WEST 60 BST 60 CET 60 CEST 120 EET 120 EEST 180 SAST 120 MSK 180 TRT 180 PKT 300',
  'IST 330 WIB 420 SGT 480 HKT 480 AWST 480 JST 540 KST 540 ACST 570 AEST 600 AEDT 660 NZST 720 NZDT 780',
  'BRT -180 ART -180 EST -300 EDT -240 CST -360 CDT -300 MST -420 MDT -360 PST -480 PDT -420 AKST -540 AKDT -480 HST -600',
)

function table(...lines: readonly string[]): ReadonlyMap<string, number> {
  const pairs = lines.join(' ').matchAll(/(\w+) (-?\d+)/g)
  return new Map([...pairs].map(([, name = '', minutes]) => [name, Number(minutes)]))
}

/** A name; ` +0530` as PostgreSQL has it; or `+05:30` as in ISO 8601. */
const zoneForm =
  / ?(?:<?([A-Za-z]{1,6})>?(?![A-Za-z\d])|(?<= )<?([+-])(\d\d)(\d\d)?>?(?!\d)|(?<! )([+-])(\d\d):?(\d\d)?(?!\d))/y

/** Reads `2026-05-01 08:30:00.123 CEST` at some place of a text; keeps the last day and zone, which repeat. */
export class TimeReader {
  /** Milliseconds since 1970 of what was read last; NaN if it was none. */
  at = Number.NaN
  #day = -1
  #dayStart = 0
  #zone = ''
  #offset = 0

  constructor(private readonly offsetMinutes: number | undefined) {}

  /**
   * Where the text goes on after the time that stands at `from`, or -1. `T` may stand for the space, a comma for the
   * point, and a zone is read if `zoned`.
   */
  read(text: string, from: number, zoned: boolean): number {
    const end = this.#readLocal(text, from)
    return end < 0 || !zoned ? end : this.#readZone(text, end)
  }

  #readLocal(text: string, from: number): number {
    const year = digits(text, from, 4)
    const month = digits(text, from + 5, 2)
    const day = digits(text, from + 8, 2)
    const hour = digits(text, from + 11, 2)
    const minute = digits(text, from + 14, 2)
    const second = digits(text, from + 17, 2)
    // An invalid part is NaN, and so is a sum with one.
    const seconds = hour * 3600 + minute * 60 + second
    const date = year * 10_000 + month * 100 + day
    if (!(seconds >= 0 && date > 0) || text.charCodeAt(from + 4) !== 45 || text.charCodeAt(from + 13) !== 58) return -1
    if (date !== this.#day) {
      this.#day = date
      this.#dayStart = Date.UTC(year, month - 1, day)
    }
    let end = from + 19
    let milliseconds = 0
    const point = text.charCodeAt(end)
    if ((point === 46 || point === 44) && isDigit(text.charCodeAt(end + 1))) {
      let unit = 100
      for (end++; isDigit(text.charCodeAt(end)); end++, unit /= 10) milliseconds += (text.charCodeAt(end) - 48) * unit
    }
    this.at = this.#dayStart + seconds * 1000 + Math.floor(milliseconds)
    return end
  }

  #readZone(text: string, from: number): number {
    const zone = this.#zone
    if (zone !== '' && text.startsWith(zone, from) && !isWord(text.charCodeAt(from + zone.length))) {
      this.at -= this.#offset
      return from + zone.length
    }
    zoneForm.lastIndex = from
    const found = zoneForm.exec(text)
    if (!found) {
      this.at -= (this.offsetMinutes ?? 0) * 60_000
      return from
    }
    this.#zone = found[0]
    this.#offset = minutesOf(found, this.offsetMinutes) * 60_000
    this.at -= this.#offset
    return from + found[0].length
  }
}

function minutesOf(zone: RegExpExecArray, asked: number | undefined): number {
  const [, name] = zone
  if (name !== undefined) return zones.get(name.toUpperCase()) ?? asked ?? 0
  const [sign, hours, minutes] = zone[2] === undefined ? zone.slice(5) : zone.slice(2)
  return (Number(hours) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1)
}

/** NaN unless all are digits. */
function digits(text: string, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const code = text.charCodeAt(at)
    if (!isDigit(code)) return Number.NaN
    value = value * 10 + code - 48
  }
  return value
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
