import { detached } from '../model/mysql-statement.js'

/** Reads the two ways in which MySQL and MariaDB write times; remembers the last second, since many lines share it. */
export class Clock {
  #second = ''
  #at = Number.NaN

  /** `offsetMinutes`: as in LogOptions, for times without a zone. */
  constructor(private readonly offsetMinutes = 0) {}

  /** `2026-11-24T19:17:00.899518Z` or `…+02:00`, from `start` to `end`; NaN for anything else. Milliseconds. */
  iso(text: string, start: number, end: number): number {
    const seconds = this.#secondsOf(text, start, 19)
    let at = start + 19
    let fraction = 0
    if (text.charCodeAt(at) === 46) {
      let unit = 100
      for (at += 1; at < end && isDigit(text.charCodeAt(at)); at += 1) {
        fraction += (text.charCodeAt(at) - 48) * unit
        unit /= 10
      }
    }
    if (at === end - 1 && text.charCodeAt(at) === 90) return seconds + fraction
    return seconds + fraction - zoneMinutes(text.slice(at, end)) * 60_000
  }

  /** `261124 19:17:23`, the hour padded with a blank: 15 characters from `start`; NaN for anything else. */
  short(text: string, start: number): number {
    return this.#secondsOf(text, start, 15) - this.offsetMinutes * 60_000
  }

  #secondsOf(text: string, start: number, length: number): number {
    if (this.#second.length === length && text.startsWith(this.#second, start)) return this.#at
    const second = text.slice(start, start + length)
    const at = length === 19 ? longSecond(second) : shortSecond(second)
    if (!Number.isNaN(at)) {
      this.#second = detached(second)
      this.#at = at
    }
    return at
  }
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

function longSecond(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN
}

function shortSecond(text: string): number {
  const found = /^(\d\d)(\d\d)(\d\d) ([ \d]\d):(\d\d):(\d\d)$/.exec(text)
  if (found === null) return Number.NaN
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second)
}

/** `+02:00` → 120; NaN for what is no zone. */
function zoneMinutes(text: string): number {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(text)
  if (found === null) return Number.NaN
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return found[1] === '-' ? -minutes : minutes
}
