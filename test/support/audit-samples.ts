import type { Audit, AuditedKeySet } from '../../src/model/audit.js'
import { findingsFor } from '../../src/rules/index.js'
import { samples } from './audited-samples.js'

function sample(name: string): AuditedKeySet {
  const found = samples[name]
  if (!found) throw new Error(`no sample ${name}`)
  return found
}

function renamed(name: string, id: string): AuditedKeySet {
  return { ...sample(name), resolved: { ...sample(name).resolved, id } }
}

/** A database with key sets of every verdict. */
export function sampleAudit(changes: Partial<Audit> = {}): Audit {
  const keySets = changes.keySets ?? [
    sample('missing-unique'),
    sample('partial-unique-only'),
    sample('lookup-lockout'),
    renamed('stale-retry', 'public.tag(name)'),
    renamed('not-analysed', 'public.remote(session_id)'),
  ]
  return {
    database: { name: 'shop', dialect: 'postgresql', flavour: 'PostgreSQL', version: '16.4' },
    complete: true,
    keySets,
    findings: findingsFor(keySets),
    ignored: [],
    notAnalysed: [{ reason: 'not-judgeable', count: 1, example: 'public.remote(session_id): a foreign table' }],
    notes: [],
    failures: [],
    ...changes,
  }
}
