import { expect, test } from 'vitest'
import { logFormats } from '../../../src/logs/index.js'
import { readText } from './collect.js'

const inner = "2026-05-01 08:30:00.123 UTC [7] LOG:  statement: SELECT 'é'\n\tFROM t"
const samples: Readonly<Record<string, unknown>> = {
  'Cloud SQL': { textPayload: inner, timestamp: '2026-05-01T08:30:00Z' },
  Azure: { properties: { errorLevel: 'LOG', message: inner } },
  Docker: { log: `${inner}\n`, stream: 'stderr' },
  CloudNativePG: {
    logger: 'postgres',
    record: {
      log_time: '2026-05-01 08:30:00.123 UTC',
      process_id: '7',
      session_id: '7',
      error_severity: 'LOG',
      message: "statement: SELECT 'é'\nFROM t",
    },
    logging_pod: 'db-1',
  },
}

test.each(Object.entries(samples))('%s', (_, sample) => {
  const log = Buffer.from(`${JSON.stringify(sample)}\n`)
    .toString('latin1')
    .repeat(2)
  expect(
    logFormats.map((format) => [format.recognises(log), format.name] as const).sort(([a], [b]) => b - a)[0]?.[1],
  ).toBe('postgres-wrapped')
  const found = readText('postgres-wrapped', log)
  const one = { session: '7', at: Date.UTC(2026, 4, 1, 8, 30, 0, 123), text: "SELECT '\xc3\xa9'\nFROM t" }
  expect(found).toMatchObject({ statements: [one, one], unread: [] })
})
