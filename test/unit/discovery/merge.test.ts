import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Discoverer, discover, emptyProfile, mergeProfiles } from '../../../src/discovery/index.js'
import type { Profile } from '../../../src/model/profile.js'
import { BACKSLASH_SQL, STANDARD_SQL } from '../../../src/model/statement.js'

const secret = fc.stringMatching(/^sec[a-z]{4}[0-9]{3}$/)
const small = fc.integer({ min: 1, max: 4 })

/** Statements of callers who get or create, list children, upsert, and fail, over few keys so that they meet. */
const statement = fc.record({
  session: small.map(String),
  kind: fc.constantFrom(
    'lookup',
    'insert',
    'both',
    'typed',
    'children',
    'upsert',
    'unless',
    'failure',
    'delete',
    'unread',
  ),
  key: fc.oneof(secret, small.map(String)),
  other: small,
  known: fc.boolean(),
})
type Step = typeof statement extends fc.Arbitrary<infer T> ? T : never

function profileOf(steps: readonly Step[], showValues = false): Profile {
  const discoverer = new Discoverer({ sources: ['postgres-stderr'], showValues })
  let at = Date.UTC(2026, 0, 1)
  const say = ({ session, known }: Step, text: string, rows = Number.NaN) => {
    at += 3
    const common = { duration: Number.NaN, database: 'shop', application: '', transaction: '', grammar: STANDARD_SQL }
    discoverer.statement({ ...common, at, session, text, parameters: null, rows: known ? rows : Number.NaN })
  }
  for (const step of steps) {
    const { kind, key, other, session } = step
    const lookup = `SELECT id FROM cart WHERE session_id = '${key}' AND shop = ${other} LIMIT 1 /*controller='carts'*/`
    const insert = `INSERT INTO cart (session_id, shop) VALUES ('${key}', ${other})`
    if (kind === 'lookup' || kind === 'both') say(step, lookup, 0)
    if (kind === 'insert' || kind === 'both') say(step, insert, 1)
    if (kind === 'typed') {
      say(step, `SELECT id FROM mark WHERE type = 'Label' AND name = '${key}' LIMIT 1`)
      say(step, `INSERT INTO mark (type, name) VALUES ('Label', '${key}')`)
    }
    if (kind === 'children') say(step, `SELECT id FROM item WHERE cart_id = ${other}`)
    if (kind === 'upsert') say(step, `INSERT INTO stock (sku) VALUES ('${key}') ON CONFLICT (sku) DO UPDATE SET n = 1`)
    if (kind === 'unless')
      say(step, `INSERT INTO tag (name) SELECT '${key}' WHERE NOT EXISTS (SELECT 1 FROM tag WHERE name = '${key}')`)
    if (kind === 'delete') say(step, `DELETE FROM cart WHERE session_id = '${key}'`)
    if (kind === 'unread') discoverer.unread('no-prefix-match', `lost ${key}`)
    if (kind === 'failure') {
      const rest = { database: 'shop', transaction: '', grammar: BACKSLASH_SQL, parameters: null, columns: [] }
      discoverer.failure({ ...rest, at, session, kind: 'unique-violation', constraint: 'cart_key', text: insert })
    }
  }
  return discoverer.finish()
}

const steps = fc.array(statement, { maxLength: 60 })
const plain = (profile: Profile): unknown => JSON.parse(JSON.stringify(profile))

test('merging is associative and commutative, and nothing changes nothing', () => {
  fc.assert(
    fc.property(steps, steps, steps, (first, second, third) => {
      const [a, b, c] = [profileOf(first), profileOf(second), profileOf(third)]
      expect(plain(mergeProfiles(a, b))).toEqual(plain(mergeProfiles(b, a)))
      expect(plain(mergeProfiles(mergeProfiles(a, b), c))).toEqual(plain(mergeProfiles(a, mergeProfiles(b, c))))
      expect(plain(mergeProfiles(a, emptyProfile()))).toEqual(plain(a))
    }),
    { numRuns: 150 },
  )
})

test('no value of the log is in a profile or in what is made of it, unless asked for', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const profile = profileOf(all)
      expect(JSON.stringify(profile)).not.toMatch(/sec[a-z]{4}\d{3}/)
      expect(JSON.stringify(discover(profile))).not.toMatch(/sec[a-z]{4}\d{3}/)
    }),
    { numRuns: 150 },
  )
})

test('a profile is read back as it was written', async () => {
  const { parseProfile } = await import('../../../src/discovery/index.js')
  const profile = profileOf(fc.sample(statement, { numRuns: 80, seed: 1 }))
  expect(plain(parseProfile(JSON.stringify(profile), 'p.json'))).toEqual(plain(profile))
})
