import type { AuditedKeySet } from '../model/audit.js'
import type { IndexFacts } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { type Shortfall, shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { describeIndex, key, list, nearest, present, table } from './words.js'

type Facts = ({ kind: 'looked-up' } & Shortfall) | { kind: 'not-looked-up'; covering: IndexFacts; columns: string[] }

export const nullableKeyColumn = defineRule<Facts>({
  id: 'nullable-key-column',
  severity: 'error',
  title: 'NULL keys are not kept unique',
  docs: {
    what: 'A unique index on the right columns exists, but one of them can be NULL, and to the index a NULL differs from every other NULL. This is an error where the application looks NULL up (`nulls: looked-up`, or IS NULL in the lookup), and a note where nothing says that it does.',
    why: 'Any number of rows with a NULL in the key can stand side by side. A lookup with IS NULL finds them all, its INSERT never fails, and an upsert (ON CONFLICT, ON DUPLICATE KEY UPDATE) never sees a conflict.',
    todo: 'Make the column NOT NULL if NULL has no meaning. Otherwise let the index treat NULLs as equal (NULLS NOT DISTINCT, PostgreSQL 15 and newer), or add a partial unique index for the NULL rows. On MySQL and MariaDB, index two generated columns in its place: one with a value instead of NULL, and one that says whether it is NULL.',
    bad: {
      sql: 'CREATE TABLE setting (id bigserial PRIMARY KEY, name text NOT NULL, user_id bigint, UNIQUE (name, user_id));',
      keySet: 'table: setting\ncolumns: [name, user_id]\nnulls: looked-up',
    },
    good: {
      sql: 'CREATE TABLE setting (id bigserial PRIMARY KEY, name text NOT NULL, user_id bigint);\nCREATE UNIQUE INDEX setting_key ON setting (name, user_id) WHERE user_id IS NOT NULL;\nCREATE UNIQUE INDEX setting_default ON setting (name) WHERE user_id IS NULL;',
      keySet: 'table: setting\ncolumns: [name, user_id]\nnulls: looked-up',
    },
  },
  select(audited) {
    const found = shortfallOf('nullable-key-column', audited)
    return found ? { kind: 'looked-up', ...found } : notLookedUp(audited)
  },
  severityOf: (facts) => (facts.kind === 'looked-up' ? 'error' : 'note'),
  words(facts, audited) {
    if (facts.kind === 'not-looked-up') return noteWords(facts.covering, facts.columns, audited)
    const columns = nullableColumns(audited)
    return {
      what: `Any number of rows of ${table(audited)} with ${list(columns, 'or') || key(audited)} NULL can share the same key, and the lookup asks for NULL.`,
      why: `To the unique index every NULL differs from every other, so neither an INSERT nor an upsert ever meets a conflict. ${present(audited)}`,
      nearest: nearest(audited, facts.reason),
      todo: remedy(audited, { lead: 'Make NULL one value of the key:' }),
    }
  },
})

function notLookedUp(audited: AuditedKeySet): Facts | null {
  if (audited.verdict.protection !== 'full') return null
  const covering = audited.facts.indexes.filter(({ index }) => audited.verdict.coveredBy.includes(index.name))
  if (covering.length !== 1 || !covering[0] || covering[0].index.nullsNotDistinct) return null
  const covered = covering[0].parts.filter((part) => part.null !== 'never').flatMap((part) => part.lookupParts)
  const columns = audited.resolved.parts
    .filter((part, at) => covered.includes(at) && part.nullable && part.nullLookedUp === 'never')
    .map((part) => visible(part.label))
  return columns.length > 0 ? { kind: 'not-looked-up', covering: covering[0], columns } : null
}

function noteWords(covering: IndexFacts, columns: readonly string[], audited: AuditedKeySet) {
  const names = list(columns, 'or')
  return {
    what: `${table(audited)} is safe as long as the lookup never asks for ${names} NULL: the ${describeIndex(covering.index)} lets such rows share a key.`,
    why: 'Nothing known of the application says that it looks NULL up, so this is taken as not happening.',
    todo: `If it does, write \`nulls: looked-up\` in the key set. If NULL has no meaning there, make ${columns.length === 1 ? 'the column' : 'the columns'} NOT NULL.`,
  }
}

function nullableColumns(audited: AuditedKeySet): string[] {
  return audited.resolved.parts
    .filter((part) => part.nullable && part.nullLookedUp !== 'never')
    .map((part) => visible(part.label))
}
