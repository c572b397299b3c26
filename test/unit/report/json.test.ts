import { describe, expect, test } from 'vitest'
import type { Audit } from '../../../src/model/audit.js'
import { buildReport } from '../../../src/report/build.js'
import { explainKeySet } from '../../../src/report/explanation.js'
import { scanJson } from '../../../src/report/json.js'
import { findingsFor } from '../../../src/rules/index.js'
import { sampleAudit } from '../../support/audit-samples.js'
import { audited, counts } from '../../support/audited.js'
import { samples } from '../../support/audited-samples.js'
import { schemaErrors } from '../../support/schemas.js'

const tool = { name: 'goc-audit', version: '0.1.0' }

function json(audits: readonly Audit[], options: { several?: boolean; showValues?: boolean } = {}) {
  return scanJson(buildReport(audits, { tool, several: false, showValues: false, ...options }))
}

describe('scan --json', () => {
  test.each(Object.keys(samples))('%s fits the schema', (name) => {
    const keySets = [samples[name] ?? audited()]
    expect(schemaErrors('scan', json([sampleAudit({ keySets, findings: findingsFor(keySets) })]))).toEqual([])
  })

  test('several databases fit the schema and are summed up', () => {
    const audits = [sampleAudit(), sampleAudit({ complete: false, failures: ['The server went away.'] })]
    const many = json(audits, { several: true })
    expect(schemaErrors('scan', many)).toEqual([])
    expect(many).toMatchObject({
      complete: false,
      databases: [{ schemaVersion: 1, complete: true }, { complete: false }],
      summary: { keySets: 10, full: 4, conditional: 2, none: 2, unknown: 2, duplicateGroups: 8, surplusRows: 16 },
    })
  })

  test('one of several databases keeps the shape of several', () => {
    expect(json([sampleAudit()], { several: true })).toHaveProperty('databases')
  })

  test('the schema refuses what it does not know', () => {
    expect(schemaErrors('scan', { ...json([sampleAudit()]), more: 1 })).not.toEqual([])
  })

  test('the whole document', async () => {
    await expect(JSON.stringify(json([sampleAudit()]), null, 2)).toMatchFileSnapshot('scan-json.txt')
  })

  test('key sets come by id, whatever the order they were scanned in', () => {
    const audit = sampleAudit()
    const reversed = { ...audit, keySets: [...audit.keySets].reverse() }
    expect(json([reversed])).toEqual(json([audit]))
  })
})

describe('values', () => {
  const sample = { key: { email: 'Ann.Lee+1@example.org', code: null, ref: '' }, rows: 2, differingColumns: [] }
  const keySets = [audited({ duplicates: counts(1, 1, { samples: [sample] }) })]
  const audit = sampleAudit({ keySets, findings: findingsFor(keySets) })

  test('are masked by shape', () => {
    expect(JSON.stringify(json([audit]))).toContain('{"email":"xxx.xxx*9@xxxxxxx.xxx","code":null,"ref":""}')
    expect(JSON.stringify(json([audit]))).not.toMatch(/Ann|Lee|example.org/)
  })

  test('are shown when asked for', () => {
    expect(JSON.stringify(json([audit], { showValues: true }))).toContain('Ann.Lee+1@example.org')
  })
})

describe('explain --json', () => {
  test.each(Object.entries(samples))('%s fits the schema', (_, sample) => {
    const audit = sampleAudit({ keySets: [sample], findings: findingsFor([sample]) })
    const explanation = explainKeySet(audit, sample, { showValues: false })
    const document = { schemaVersion: 1, tool, complete: true, explanations: [explanation], failures: [] }
    expect(schemaErrors('explain', document)).toEqual([])
  })
})
