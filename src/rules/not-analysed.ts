import { shortfallOf } from './protection.js'
import { defineRule } from './rule.js'
import { describeReason, sentence, table } from './words.js'

export const notAnalysed = defineRule({
  id: 'not-analysed',
  severity: 'note',
  title: 'The key set could not be judged',
  docs: {
    what: "Whether the key set is protected cannot be told from here: it lies on a foreign table or a materialised view, or it could not be decided whether an index's predicate or expression fits the lookup.",
    why: 'Unknown is not safe. It is reported so that silence is not taken for a clean result.',
    todo: "Audit the database that holds the rows, or write the lookup's condition in the key set in the same form as in the index.",
    bad: {
      sql: 'CREATE TABLE page (id bigserial PRIMARY KEY, slug text NOT NULL);\nCREATE MATERIALIZED VIEW published AS SELECT * FROM page;\nCREATE UNIQUE INDEX published_slug ON published (slug);',
      keySet: 'table: published\ncolumns: [slug]',
    },
    good: {
      sql: 'CREATE TABLE page (id bigserial PRIMARY KEY, slug text NOT NULL UNIQUE);\nCREATE MATERIALIZED VIEW published AS SELECT * FROM page;\nCREATE UNIQUE INDEX published_slug ON published (slug);',
      keySet: 'table: page\ncolumns: [slug]',
    },
  },
  select: (audited) => shortfallOf('not-analysed', audited),
  words: ({ reason }, audited) => ({
    what: `Whether ${table(audited)} is protected for this lookup is unknown: ${sentence(audited.facts.unjudgeable ?? audited.verdict.unknownBecause ?? 'it could not be decided')}`,
    why: 'Unknown is not safe: treat it as unprotected until it is known.',
    nearest: reason && `In question is the ${describeReason(audited, reason)}.`,
    todo: audited.facts.unjudgeable
      ? 'Audit the table that holds the rows, in the database where it lies.'
      : "Write the lookup's condition in the key set in the same form as the index has it, or look at the index yourself and add an `ignore:` entry with the reason.",
  }),
})
