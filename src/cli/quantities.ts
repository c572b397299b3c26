import { UserError } from '../model/errors.js'

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

/** `30s`, `5min`, `0` (none) → milliseconds. Throws UserError. */
export function parseDuration(text: string, flag = '--timeout'): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)$/.exec(text.trim()) ?? []
  if (amount !== undefined && unit !== undefined) return Math.round(Number(amount) * (MILLISECONDS[unit] ?? 0))
  if (text.trim() === '0') return 0
  throw new UserError(`${flag}: "${text}" is not a duration.`, {
    code: 'usage',
    suggestions: ['Write it with its unit, as in 500ms, 30s, 5min or 2h, or 0 for no limit.'],
  })
}

/** `2026-05-01`, `2026-05-01T08:30:00Z` (without a zone: local time), or an age: `2h`, `7d` → milliseconds since 1970. Throws UserError. */
export function parseTime(text: string, flag: string, now = Date.now()): number {
  const [, amount, unit] = /^(\d+)\s*(s|m|min|h|d|w)$/.exec(text.trim()) ?? []
  if (amount !== undefined && unit !== undefined) return now - Number(amount) * (AGES[unit] ?? 0)
  const day = /^\d{4}-\d\d-\d\d$/.test(text.trim())
  const spelled = text.trim().replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
  const time = /^\d{4}-\d\d-\d\d/.test(spelled) ? Date.parse(day ? `${spelled}T00:00:00` : spelled) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new UserError(`${flag}: "${text}" is not a time.`, {
    code: 'usage',
    suggestions: ['Write it as in 2026-05-01, 2026-05-01T08:30:00Z, or as an age: 30min, 2h, 7d.'],
  })
}

const AGES: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Rows by the planner's estimate, and bytes on disk, per table. */
export interface Budget {
  readonly rows: number
  readonly bytes: number
}

export const DEFAULT_BUDGET: Budget = { rows: 50e6, bytes: 20 * 2 ** 30 }

const ROWS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9 }
const BYTES: Readonly<Record<string, number>> = { KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }

/** `--budget`: `10M` (rows), `5GB`, or both: `10M,5GB`. What isn't said has no limit. Throws UserError. */
export function parseBudget(text: string): Budget {
  const parts = text.split(',').map(parseLimit)
  const rows = parts.flatMap((part) => part?.rows ?? [])
  const bytes = parts.flatMap((part) => part?.bytes ?? [])
  if (parts.includes(null) || rows.length > 1 || bytes.length > 1) {
    throw new UserError(`--budget: "${text}" is not a limit.`, {
      code: 'usage',
      suggestions: ['Write a number of rows (500K, 10M, 2G), a size on disk (500MB, 5GB, 1TB), or both: 10M,5GB.'],
    })
  }
  return { rows: rows[0] ?? Number.MAX_SAFE_INTEGER, bytes: bytes[0] ?? Number.MAX_SAFE_INTEGER }
}

function parseLimit(text: string): Partial<Budget> | null {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  if (amount === undefined) return null
  const name = unit.toUpperCase().replace('IB', 'B')
  const rows = ROWS[name]
  if (rows !== undefined) return { rows: Math.floor(Number(amount) * rows) }
  const bytes = BYTES[name]
  return bytes === undefined ? null : { bytes: Math.floor(Number(amount) * bytes) }
}

/** `--max-surplus`: `10%`, or the share itself, `0.1`. Throws UserError. */
export function parseShare(text: string): number {
  const [, percent, share] = /^(?:(\d+(?:\.\d+)?)\s*%|(0|0?\.\d+))$/.exec(text.trim()) ?? []
  const value = percent === undefined ? Number(share) : Number(percent) / 100
  if (value >= 0 && value <= 1) return value
  throw new UserError(`--max-surplus: "${text}" is not a share.`, {
    code: 'usage',
    suggestions: ['Write a percentage from 0% to 100%, as in 15%, or a share below one, as in 0.15.'],
  })
}
