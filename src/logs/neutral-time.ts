const iso =
  /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?\s*$/i

/** A time as logs and exports write it, in milliseconds since 1970: ISO 8601, or a number; NaN for anything else. */
export function instantOf(value: unknown): number {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value !== 'string') return Number.NaN
  return /^\d+(\.\d+)?$/.test(value) ? fromNumber(Number(value)) : fromIso(value)
}

/** Seconds, milli-, micro- or nanoseconds: from 1973 to 5138 no number can be two of them. */
function fromNumber(value: number): number {
  const size = Math.abs(value)
  if (size < 1e11) return value * 1000
  if (size < 1e14) return value
  return size < 1e17 ? value / 1000 : value / 1e6
}

function fromIso(text: string): number {
  const found = iso.exec(text)
  if (found === null) return Number.NaN
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const fraction = found[7] === undefined ? 0 : Number(`0.${found[7]}`) * 1000
  return Date.UTC(year, month - 1, day, hour, minute, second) + fraction - zoneMinutes(found[8]) * 60_000
}

function zoneMinutes(zone = ''): number {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (found === null) return 0
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0)
  return found[1] === '-' ? -minutes : minutes
}
