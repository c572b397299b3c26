import { expect, test } from 'vitest'
import { Discoverer, discover, emptyProfile, mergeProfiles } from '../../../src/discovery/index.js'
import { Shapes } from '../../../src/discovery/sql/index.js'
import type { Profile } from '../../../src/model/profile.js'
import { STANDARD_SQL } from '../../../src/model/statement.js'

/** `session: SQL`, a line each, 100 ms apart. */
function profileOf(script: string): Profile {
  const discoverer = new Discoverer({ shapes: new Shapes() })
  const lines = script
    .trim()
    .split('\n')
    .map((line) => line.trim())
  lines.forEach((line, at) => {
    const [session = '', text = ''] = line.split(/: (.*)/s)
    const common = { database: '', application: '', transaction: '', parameters: null, grammar: STANDARD_SQL }
    discoverer.statement({ ...common, at: at * 100, duration: Number.NaN, session, text, rows: Number.NaN })
  })
  return discoverer.finish()
}

const ids = (script: string): string[] => discover(profileOf(script)).keySets.map(({ id }) => id)

test('a lookup and an INSERT of the same values', () => {
  const script = `
    a: SELECT id FROM carts WHERE session_key = 'abcdef' LIMIT 1
    a: INSERT INTO carts (session_key, total) VALUES ('abcdef', 0)`
  expect(ids(script)).toEqual(['carts(session_key)'])
})

test('other values, or another table', () => {
  const script = `
    a: SELECT id FROM carts WHERE session_key = 'abcdef' LIMIT 1
    a: INSERT INTO carts (session_key) VALUES ('uvwxyz')
    a: INSERT INTO visits (session_key) VALUES ('abcdef')`
  expect(ids(script)).toEqual([])
})

test('a collection that is loaded before it gets another member', () => {
  const script = `
    a: SELECT * FROM comments WHERE ticket_id = 5
    a: INSERT INTO comments (ticket_id, body) VALUES (5, 'x')
    a: SELECT * FROM comments WHERE ticket_id = 5
    a: INSERT INTO comments (ticket_id, body) VALUES (5, 'y')`
  expect(ids(script)).toEqual([])
})

test('two clients that both missed are a race, masked', () => {
  const script = `
    a: SELECT id FROM carts WHERE session_key = 'abcdef' LIMIT 1
    b: SELECT id FROM carts WHERE session_key = 'abcdef' LIMIT 1
    a: INSERT INTO carts (session_key) VALUES ('abcdef')
    b: INSERT INTO carts (session_key) VALUES ('abcdef')`
  const profile = profileOf(script)
  const [found] = discover(profile).keySets
  expect(found?.evidence).toMatchObject({
    races: 1,
    raceExamples: [{ key: { session_key: 'xxxxxx' }, outcome: 'two-rows' }],
  })
  expect(JSON.stringify(profile)).not.toContain('abcdef')
  expect(mergeProfiles(profile, emptyProfile())).toEqual(profile)
})
