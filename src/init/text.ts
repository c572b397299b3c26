import type { Terminal } from '../report/terminal.js'
import { type Proposal, proposalId } from './proposal.js'

export interface Outcome {
  /** As shown; null where the file went to stdout. */
  readonly file: string | null
  readonly database: string
  readonly tables: number
  readonly unreadable: readonly string[]
  readonly proposals: readonly Proposal[]
  /** A variable that `scan` will need and that isn't set, with a URL without a password to set it to. */
  readonly unset: { readonly variable: string; readonly url: string } | null
  /** Typed after the program's name. */
  readonly scan: string
}

const shown = 10

/** What `init` did, for people. */
export function outcomeText(out: Terminal, outcome: Outcome): string {
  const of = (strength: Proposal['strength']) => outcome.proposals.filter((each) => each.strength === strength)
  const suspects = of('suspect')
  const lines = [
    ...out.prose(
      `${outcome.file} written, from ${outcome.tables === 1 ? 'one table' : `${outcome.tables} tables`} of ${outcome.database}.`,
    ),
    '',
    ...out.table(
      [{ title: 'KEY SETS' }, { title: '', right: true }, { title: '' }],
      [
        ['suspects', String(suspects.length), 'look like keys; nothing keeps them unique'],
        ['unique today', String(of('guaranteed').length), 'a unique index shows them'],
        ['less likely', String(of('weak').length), 'written as comments'],
      ],
    ),
    '',
    ...suspects.slice(0, shown).flatMap((each) => out.item(`${proposalId(each.keySet)}: ${each.why}`, 0)),
    ...(suspects.length > shown ? out.item(`and ${suspects.length - shown} more`, 0) : []),
    ...(suspects.length > 0 ? [''] : []),
    ...unreadable(out, outcome.unreadable),
    ...out.prose('Read the file, and remove what no code looks up before it inserts. Then:'),
    ...(outcome.unset ? out.code(`export ${outcome.unset.variable}='${outcome.unset.url}'`) : []),
    ...out.code(`goc-audit ${outcome.scan}`),
  ]
  return `${lines.join('\n')}\n`
}

function unreadable(out: Terminal, tables: readonly string[]): string[] {
  if (tables.length === 0) return []
  const more = tables.length > shown ? ` and ${tables.length - shown} more` : ''
  return [
    ...out.prose(
      `Left out, because this role may not read them: ${tables.slice(0, shown).join(', ')}${more}. Grant SELECT on them and run init again.`,
    ),
    '',
  ]
}
