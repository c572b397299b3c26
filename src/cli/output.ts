import type { Environment } from '../config/index.js'
import { visibleJson } from '../model/visible.js'

/** On stdout, in strings that are safe for a terminal too. */
export function printJson(json: unknown): void {
  process.stdout.write(`${visibleJson(JSON.stringify(json, null, 2))}\n`)
}

interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
}

const WIDEST = 120
const NARROWEST = 40

/** How text is laid out on a stream: https://no-color.org, FORCE_COLOR, and the terminal's width within reason. */
export function layout(stream: Stream, env: Environment): { width: number; color: boolean } {
  // Some pseudo-terminals say that they have no columns.
  const width = stream.columns || Number(env.COLUMNS) || 80
  return { width: Math.min(Math.max(width, NARROWEST), WIDEST), color: wantsColor(stream, env) }
}

function wantsColor(stream: Stream, env: Environment): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stream.isTTY === true && env.TERM !== 'dumb'
}
