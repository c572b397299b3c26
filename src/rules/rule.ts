import type { AuditedKeySet, Severity } from '../model/audit.js'

/** One half of a rule's example: SQL and the key set (YAML, as under `keysets:`) that is looked up in it. */
export interface RuleExample {
  readonly sql: string
  readonly keySet: string
}

/** What `explain RULE` and docs/rules.md say. Plain sentences; the examples are run by the tests. */
export interface RuleDocs {
  readonly what: string
  readonly why: string
  readonly todo: string
  readonly bad: RuleExample
  readonly good: RuleExample
  /** The server that the examples need where the usual one won't do, as shown to people. */
  readonly engine?: string
}

/** What a finding says, part by part; each is one paragraph, `todo` may hold lines of SQL indented by two blanks. */
export interface RuleWords {
  readonly what: string
  readonly why: string
  /** The nearest index and why it isn't enough. */
  readonly nearest?: string | null
  readonly todo: string
}

export interface RuleHit {
  readonly severity: Severity
  readonly words: RuleWords
}

/** A rule selects from verdict and counts; it never judges or counts anything itself. */
export interface Rule {
  /** Permanent; also the name of its file. */
  readonly id: string
  /** The gravest severity that it reports with. */
  readonly severity: Severity
  readonly title: string
  readonly docs: RuleDocs
  /** Null where the rule has nothing to say about this key set. */
  check(audited: AuditedKeySet): RuleHit | null
}

interface RuleDefinition<Facts> {
  readonly id: string
  readonly severity: Severity
  readonly title: string
  readonly docs: RuleDocs
  select(audited: AuditedKeySet): Facts | null
  severityOf?(facts: Facts): Severity
  words(facts: Facts, audited: AuditedKeySet): RuleWords
}

/** Joins selecting (facts) and wording, so that the list of rules needs to know neither. */
export function defineRule<Facts>(definition: RuleDefinition<Facts>): Rule {
  return {
    id: definition.id,
    severity: definition.severity,
    title: definition.title,
    docs: definition.docs,
    check(audited) {
      const facts = definition.select(audited)
      if (facts === null) return null
      const severity = definition.severityOf?.(facts) ?? definition.severity
      return { severity, words: definition.words(facts, audited) }
    },
  }
}
