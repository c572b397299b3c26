import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import type { KeySet } from '../../src/model/keyset.js'
import { rules } from '../../src/rules/index.js'
import type { RuleExample } from '../../src/rules/rule.js'
import { withDatabase } from '../support/database.js'
import { scanUrl } from '../support/scan.js'
import { anyPostgres } from '../support/servers.js'

/** The key set of an example, read as the configuration file would be. */
async function keySetOf({ keySet }: RuleExample): Promise<KeySet> {
  const directory = mkdtempSync(join(tmpdir(), 'goc-audit-rule-'))
  try {
    const file = join(directory, 'config.yml')
    writeFileSync(file, `keysets:\n${`- ${keySet.replaceAll('\n', '\n  ')}`.replace(/^/gm, '  ')}\n`)
    const config = await loadConfig({ cwd: directory, file })
    return config.keySets[0] as KeySet
  } finally {
    rmSync(directory, { recursive: true })
  }
}

// `stale-ignore` comes from the ignore list and not from a key set.
const runnable = rules.filter(({ id, docs }) => docs.engine === undefined && id !== 'stale-ignore')

test.each(runnable.map((rule) => [rule.id, rule] as const))('%s: its examples hold', async (id, { docs }) => {
  for (const [example, expected] of [
    [docs.bad, true],
    [docs.good, false],
  ] as const) {
    const keySet = await keySetOf(example)
    const found = await withDatabase(anyPostgres(), example.sql, async ({ url }) => {
      const { findings } = await scanUrl(url, [keySet])
      return findings.map(({ rule }) => rule)
    })
    expect(found.includes(id), `${found.join(', ')} in\n${example.sql}`).toBe(expected)
  }
})
