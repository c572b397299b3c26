import { nearest } from '../config/index.js'
import { UserError } from '../model/errors.js'
import { type Explanation, explainKeySet } from '../report/explanation.js'
import { explanationsText } from '../report/explanation-text.js'
import type { Tool } from '../report/report.js'
import { ruleText } from '../report/rule-text.js'
import type { TextOptions } from '../report/terminal.js'
import { ruleById, rules } from '../rules/index.js'
import { type RunFlags, runScan } from './run-scan.js'

interface Context {
  readonly tool: Tool
  readonly layout: TextOptions
}

interface Explained {
  readonly text: string
  readonly json: object
  readonly complete: boolean
}

/** Null where there is no such rule. */
export function explainRule(id: string, { tool, layout }: Context): Explained | null {
  const rule = ruleById(id)
  if (rule === undefined) return null
  const { severity, title, docs } = rule
  return {
    text: ruleText(rule, layout),
    json: { schemaVersion: 1, tool, rule: { id, severity, title, ...docs } },
    complete: true,
  }
}

/** Scans the key sets that the pattern means. */
export async function explainKeySets(pattern: string, flags: RunFlags, { tool, layout }: Context): Promise<Explained> {
  const { audits } = await runScan(flags, [pattern]).catch((error: unknown) => {
    throw error instanceof UserError && error.code === 'only-matches-nothing' ? unknownSubject(pattern, error) : error
  })
  const showValues = flags['show-values']
  const explanations = audits.flatMap((audit): Explanation[] =>
    audit.keySets.map((one) => explainKeySet(audit, one, { showValues })),
  )
  const complete = audits.every((audit) => audit.complete)
  const failures = audits.flatMap((audit) => audit.failures)
  return {
    text: explanationsText(explanations, failures, showValues, layout),
    json: { schemaVersion: 1, tool, complete, explanations, failures },
    complete,
  }
}

function unknownSubject(pattern: string, { suggestions }: UserError): UserError {
  const names = rules.map(({ id }) => id)
  const near = nearest(pattern, names)
  return new UserError(`"${pattern}" is neither a rule nor a key set of the configuration.`, {
    code: 'unknown-subject',
    suggestions: near === null ? [...suggestions, `The rules are: ${names.join(', ')}.`] : [`Did you mean ${near}?`],
  })
}
