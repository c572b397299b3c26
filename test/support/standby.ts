import { cpSync } from 'node:fs'
import { chown, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { createCluster, type PostgresProcess, startCluster } from './postgres.js'
import { runDirectory, until } from './process.js'
import type { Server } from './servers.js'

export interface Pair {
  readonly primary: PostgresProcess
  /** Read-only; same superuser and password as the primary. */
  readonly standby: PostgresProcess
  /** Waits until the standby has replayed everything that the primary has written. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

/** A primary and its hot standby, of the build of `server`. */
export async function startPair({ bin }: Server): Promise<Pair> {
  if (!bin) throw new Error('a standby needs the programs of the server')
  const cluster = await createCluster(bin)
  // The builds have no pg_basebackup: the standby starts from the cluster as it was before its first start.
  const directory = await runDirectory('standby', cluster.account)
  const copy = { ...cluster, directory, data: join(directory, 'data') }
  cpSync(cluster.data, copy.data, { recursive: true })
  await writeFile(join(copy.data, 'standby.signal'), '')
  await own(copy.data, cluster.account)

  const primary = await startCluster(cluster, { wal_keep_size: '256MB' })
  const connection = `host=127.0.0.1 port=${primary.port} user=postgres password=${cluster.password}`
  const standby = await startCluster(copy, { primary_conninfo: connection, hot_standby: 'on' }).catch(async (error) => {
    await primary.stop()
    throw error
  })
  return {
    primary,
    standby,
    caughtUp: () => caughtUp(primary.url, standby.url),
    stop: async () => {
      await standby.stop()
      await primary.stop()
    },
  }
}

async function own(data: string, account: { uid: number; gid: number } | undefined): Promise<void> {
  if (!account) return
  for (const name of ['', ...(await readdir(data, { recursive: true }))]) {
    await chown(join(data, name), account.uid, account.gid)
  }
}

async function caughtUp(primary: string, standby: string): Promise<void> {
  const [position] = await ask(primary, 'SELECT pg_current_wal_insert_lsn()::text AS at')
  await until(async () => {
    const [replayed] = await ask(standby, `SELECT pg_last_wal_replay_lsn() >= '${position?.at}' AS reached`)
    if (replayed?.reached !== true) throw new Error('the standby is behind')
  })
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
