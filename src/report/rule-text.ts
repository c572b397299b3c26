import { type TextOptions, terminal } from './terminal.js'

interface Example {
  readonly sql: string
  readonly keySet: string
}

/** What is shown of a rule. */
export interface RulePage {
  readonly id: string
  readonly severity: string
  readonly title: string
  readonly docs: {
    readonly what: string
    readonly why: string
    readonly todo: string
    readonly bad: Example
    readonly good: Example
    readonly engine?: string
  }
}

/** `explain RULE` for people. */
export function ruleText({ id, severity, title, docs }: RulePage, options: TextOptions): string {
  const out = terminal(options)
  const engine = docs.engine ? ` (${docs.engine})` : ''
  const example = ({ sql, keySet }: Example) => [...out.code(sql), '', ...out.code(asListItem(keySet))]
  const blocks = [
    [`${out.heading(id)} ${out.paint(severity, 'dim')}`, ...out.prose(`${title}.`)],
    out.prose(docs.what),
    [out.heading('Why it matters'), ...out.prose(docs.why)],
    [out.heading('What to do'), ...out.prose(docs.todo)],
    [out.heading(`Reported${engine}`), ...example(docs.bad)],
    [out.heading('Not reported'), ...example(docs.good)],
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

function asListItem(keySet: string): string {
  const [first, ...rest] = keySet.split('\n')
  return ['keysets:', `  - ${first}`, ...rest.map((line) => `    ${line}`)].join('\n')
}
