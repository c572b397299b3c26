import type { Query } from './driver.js'

/** Memory per sort or hash table of a process, in kilobytes. */
const LEAST = 16 * 1024
const MOST = 128 * 1024
/** Blocks; no table is that large, so that each part of a screen is a plain scan in one process. */
const NEVER = '715827882'

/** What the server was set to, as far as it matters here. */
export interface Settings {
  /** Processes that may help with one statement. */
  readonly workers: number
  /** In kilobytes. */
  readonly workMem: number
  readonly own: Readonly<Record<string, string>>
}

const TOUCHED = [
  'work_mem',
  'jit',
  'parallel_setup_cost',
  'parallel_tuple_cost',
  'min_parallel_table_scan_size',
  'min_parallel_index_scan_size',
  'enable_hashagg',
  'enable_seqscan',
]

/** effective_cache_size is what an administrator says of the machine's memory: a 32nd of it goes to each sort. */
export async function readSettings(query: Query): Promise<Settings> {
  const rows = await query<{ name: string; value: string }>(
    `SELECT name, setting AS value FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[])`,
    [[...TOUCHED, 'max_parallel_workers_per_gather', 'max_parallel_workers', 'effective_cache_size']],
  )
  const values = Object.fromEntries(rows.map(({ name, value }) => [name, value]))
  const number = (name: string) => Number(values[name] ?? 0)
  const memory = Math.min(MOST, Math.max(LEAST, Math.floor((number('effective_cache_size') * 8) / 32)))
  return {
    workers: Math.min(number('max_parallel_workers_per_gather'), number('max_parallel_workers')),
    workMem: Math.max(number('work_mem'), memory),
    own: Object.fromEntries(TOUCHED.map((name) => [name, values[name] ?? ''])),
  }
}

/** As the server would run anybody's statement. */
export function asFound(query: Query, { own }: Settings): Promise<unknown> {
  return apply(query, own)
}

/** Parallel scans wherever they are possible, and room to sort. */
export function forScans(query: Query, { own, workMem }: Settings): Promise<unknown> {
  return apply(query, { ...own, ...roomy(workMem) })
}

/** Straight to rows whose places are known, which the planner takes for dearer than it is when they are many. */
export function forPlaces(query: Query, { own, workMem }: Settings): Promise<unknown> {
  return apply(query, { ...own, ...roomy(workMem), enable_seqscan: 'off' })
}

/** Each part of a UNION ALL in one process, several of them at once, by sorting. */
export function forScreens(query: Query, { own, workMem }: Settings): Promise<unknown> {
  return apply(query, {
    ...own,
    ...roomy(workMem),
    min_parallel_table_scan_size: NEVER,
    enable_hashagg: 'off',
  })
}

/** The same along an index. */
export function forIndexScreens(query: Query, { own, workMem }: Settings): Promise<unknown> {
  return apply(query, {
    ...own,
    ...roomy(workMem),
    min_parallel_table_scan_size: NEVER,
    min_parallel_index_scan_size: NEVER,
    enable_hashagg: 'off',
    enable_seqscan: 'off',
  })
}

function roomy(workMem: number): Record<string, string> {
  return { work_mem: String(workMem), jit: 'off', parallel_setup_cost: '0', parallel_tuple_cost: '0' }
}

/** Until the transaction ends, as SET LOCAL. */
function apply(query: Query, settings: Readonly<Record<string, string>>): Promise<unknown> {
  const calls = Object.entries(settings).map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`)
  return query(`SELECT ${calls.join(', ')}`)
}
