import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DiscoverRequest, LogInput } from '../audit/discover.js'
import type { Config } from '../config/index.js'
import { parseProfile } from '../discovery/index.js'
import { UserError } from '../model/errors.js'
import type { LogFlags } from './discover-flags.js'

/** Those of the command line; without any, those of the configuration. */
export function logInputs(
  { log = [], 'log-format': format = 'auto', ...flags }: LogFlags,
  config: Pick<Config, 'logs'>,
): LogInput[] {
  if (log.length > 0) return [{ paths: log, format }]
  if ((flags['from-profile'] ?? []).length > 0) return []
  return config.logs.map(({ path, logFormat }) => ({ paths: [path], format: logFormat }))
}

export async function readProfiles({ 'from-profile': files = [] }: LogFlags): Promise<DiscoverRequest['profiles']> {
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(resolve(file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new UserError(`The profile ${file} can't be read: ${cause.message}.`, {
          code: 'profile-unreadable',
          suggestions: ['`goc-audit discover --log … --profile FILE` writes one.'],
          cause,
        })
      })
      return { name: file, profile: parseProfile(text, file) }
    }),
  )
}
