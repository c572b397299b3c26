import type { Rule, RuleExample } from './rule.js'

/** One rule as a section of Markdown. */
function rulePage(rule: Rule): string {
  const engine = rule.docs.engine ? ` (${rule.docs.engine})` : ''
  return [
    `## ${rule.id}`,
    `**${rule.title}** · ${rule.severity}`,
    rule.docs.what,
    `**Why it matters.** ${rule.docs.why}`,
    `**What to do.** ${rule.docs.todo}`,
    `Reported${engine}:`,
    example(rule.docs.bad),
    'Not reported:',
    example(rule.docs.good),
  ].join('\n\n')
}

function example({ sql, keySet }: RuleExample): string {
  const [first, ...rest] = keySet.split('\n')
  const item = [`- ${first}`, ...rest.map((line) => `  ${line}`)].join('\n')
  return `\`\`\`sql\n${sql}\n\`\`\`\n\n\`\`\`yaml\nkeysets:\n${item.replace(/^/gm, '  ')}\n\`\`\``
}

/** docs/rules.md. */
export function rulesDocument(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.title} |`)
  return [
    '# Rules',
    'Made from the rules themselves; `goc-audit explain RULE` prints the same. An id never changes. `scan` exits with 1 for findings of the severity in `fail_on` (default: error) and above.',
    ['| rule | severity | title |', '|---|---|---|', ...rows].join('\n'),
    ...rules.map(rulePage),
  ]
    .join('\n\n')
    .concat('\n')
}
