import type { AuditedKeySet } from '../model/audit.js'
import { visible } from '../model/visible.js'
import { partLabel } from '../model/words.js'
import { lockout } from './lockout.js'
import { defineRule } from './rule.js'
import { because, findIndex, lines, list, partWords, table } from './words.js'

export const overspecifiedLookup = defineRule({
  id: 'overspecified-lookup',
  severity: 'warning',
  title: 'The lookup compares more than the unique key',
  docs: {
    what: 'A unique index on some of the columns looked up exists. There can be no duplicate rows, but the lookup also compares columns that are not in the index.',
    why: 'When the row exists with another value in such a column, the lookup finds nothing, the INSERT fails with a unique violation, and the second lookup finds nothing again. That key fails every time, without any race.',
    todo: 'Look up by the unique columns alone and hand the others over as defaults for the INSERT. If several rows per unique key are meant to exist, replace the index by one on all the columns looked up.',
    bad: {
      sql: 'CREATE TABLE profile (id bigserial PRIMARY KEY, user_id bigint NOT NULL UNIQUE, locale text NOT NULL);',
      keySet: 'table: profile\ncolumns: [user_id, locale]',
    },
    good: {
      sql: 'CREATE TABLE profile (id bigserial PRIMARY KEY, user_id bigint NOT NULL UNIQUE, locale text NOT NULL);',
      keySet: 'table: profile\ncolumns: [user_id]',
    },
  },
  select(audited) {
    const found = lockout(audited)
    return found?.kind === 'overspecified' && found.reason ? found.reason : null
  },
  words(reason, audited) {
    const { unique, extra } = split(audited, reason.index)
    const narrow = list(unique)
    const rest = list(extra)
    return {
      what: `${table(audited)} allows one row per ${narrow}, but the lookup also compares ${rest}.`,
      why: `When the row of a ${narrow} has another ${rest}, the lookup finds nothing and the INSERT fails with a unique violation: every time, without any race.`,
      nearest: because(audited, reason),
      todo: lines(
        `Look up by ${narrow} alone and hand ${rest} over for the INSERT only, for instance`,
        `  get_or_create(${unique.map((name) => `${argument(name)}=…`).join(', ')}, defaults={${extra.map((name) => `'${argument(name)}': …`).join(', ')}})`,
        `If several rows per ${narrow} are meant to exist, replace the index by a unique index on ${list([...unique, ...extra])}.`,
      ),
    }
  },
})

// A name as code would have it: without the quotes that SQL may need.
function argument(name: string): string {
  return /^"(.*)"$/.exec(name)?.[1]?.replaceAll('""', '"') ?? name
}

/** The index's own key, and what the lookup compares besides. */
function split(audited: AuditedKeySet, indexName: string): { unique: string[]; extra: string[] } {
  const facts = audited.facts.indexes.find(({ index }) => index.name === indexName)
  const used = new Set(facts?.parts.flatMap((part) => part.lookupParts))
  const unique = findIndex(audited, indexName)?.parts.map(partLabel)
  const extra = audited.resolved.parts.filter((part, at) => part.nullLookedUp !== 'always' && !used.has(at))
  return { unique: (unique ?? ['its key']).map(visible), extra: extra.map(partWords) }
}
