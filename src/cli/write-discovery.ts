import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { addKeySets } from '../config/add-keysets.js'
import { type Config, configNames } from '../config/index.js'
import { UserError } from '../model/errors.js'
import type { Profile } from '../model/profile.js'
import { number } from '../model/words.js'
import type { DiscoverReport, ReportedDiscovery } from '../report/discover-report.js'

/** Adds what isn't declared yet to the configuration, or to a new one here. Throws UserError. */
export async function writeKeySets(
  found: readonly ReportedDiscovery[],
  config: Config,
  flags: { readonly config?: string | undefined },
): Promise<NonNullable<DiscoverReport['written']>> {
  const file = config.file ?? flags.config ?? configNames[0]
  const additions = found.filter(({ declared }) => !declared)
  const path = config.file === null ? resolve(file) : join(config.directory, basename(file))
  const text = config.file === null ? 'version: 1\n' : await readFile(path, 'utf8')
  const changed = addKeySets(
    text,
    additions.map((one) => ({
      comment: commentFor(one),
      entry: {
        schema: one.schema ?? undefined,
        table: one.table,
        parts: one.columns.map((name) => ({ kind: 'column', name })),
        where: one.predicate ?? undefined,
        match: one.match,
        boundAs: one.boundAs,
        nulls: one.nulls === 'looked-up' ? one.nulls : undefined,
        isolation: one.isolation ?? undefined,
        idiom: one.idiom,
      },
    })),
  )
  if (additions.length > 0) await replace(path, file, changed, 'config-not-written')
  return { file, added: additions.map(({ id }) => id), present: found.length - additions.length }
}

export async function writeProfile(file: string, profile: Profile): Promise<void> {
  await replace(resolve(file), file, `${JSON.stringify(profile)}\n`, 'profile-not-written')
}

/** How it was found, for whoever reviews the file. */
function commentFor({ evidence, idiom }: ReportedDiscovery): string {
  const { kind, grade, pairs, inserts, lookups, races } = evidence
  const seen =
    pairs > 0
      ? `${number(pairs)} of ${number(lookups)} lookups inserted`
      : `${number(lookups)} lookups, ${number(inserts)} inserts`
  const raced = races === 0 ? '' : `, ${number(races)} raced`
  return `found by \`goc-audit discover\` in ${kind === 'log' ? 'logs' : 'statistics'}, grade ${grade}: ${idiom}, ${seen}${raced}`
}

/** Whole or not at all. */
async function replace(path: string, shown: string, text: string, code: string): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${process.pid}.new`)
  try {
    await writeFile(aside, text, { flag: 'wx' })
    await rename(aside, path)
  } catch (cause) {
    await rm(aside, { force: true })
    throw new UserError(`${shown} can't be written: ${(cause as Error).message}.`, {
      code,
      suggestions: ['Check the path, and that you may write there.'],
      cause,
    })
  }
}
