import { describe, expect, test } from 'vitest'
import { describeFailure, failureText } from '../../../src/cli/failure.js'
import { UserError } from '../../../src/model/errors.js'
import { schemaErrors } from '../../support/schemas.js'

const plain = { width: 60, color: false }
const location = { file: '.goc-audit.yml', line: 7, column: 14 }

function shown(error: unknown, command = 'scan'): string {
  return failureText(describeFailure(error, command), plain)
}

test('a mistake of the user: place, what, what to do', () => {
  const error = new UserError('There is no column "sesion_id" in shop.cart.', {
    code: 'column-missing',
    suggestions: ['Did you mean session_id?'],
    location,
  })
  expect(shown(error)).toBe(
    'Error: .goc-audit.yml:7:14: There is no column "sesion_id"\nin shop.cart.\nDid you mean session_id?\n',
  )
})

test('several mistakes keep their lines', () => {
  const error = new UserError('2 mistakes in .goc-audit.yml:\n  one\n  two', { code: 'config-invalid' })
  expect(shown(error)).toBe('Error: 2 mistakes in .goc-audit.yml:\n  one\n  two\n')
})

test('a defect says so, without a stack and without passwords', () => {
  const text = shown(new Error('connect postgresql://audit:s3cr:et@db/shop failed'))
  expect(text).toContain('This is a defect of goc-audit: connect\npostgresql://audit:***@db/shop failed')
  expect(text).not.toMatch(/s3cr|et@|failure\.test/)
})

test('what is thrown need not be an Error', () => {
  expect(describeFailure('odd', 'scan')).toMatchObject({
    code: 'defect',
    message: 'This is a defect of goc-audit: odd',
  })
})

test('escapes in a message do not reach the terminal', () => {
  const error = new UserError('no table "\u001b[2J\u202e"', { code: 'table-missing', suggestions: ['\u0007'] })
  expect(shown(error)).toBe('Error: no table "\\u{1b}[2J\\u{202e}"\n\\u{7}\n')
})

describe('wrong command lines', () => {
  const usage = (message: string, command = 'scan') =>
    describeFailure(Object.assign(new Error(message), { oclif: { exit: 2 } }), command)

  test.each([
    ['Nonexistent flag: --nope\nSee more help with --help', 'Unknown flag: --nope.'],
    ['Expected --fail-on=x to be one of: a, b\nSee more help with --help', 'Expected --fail-on=x to be one of: a, b.'],
    [
      'The following error occurred:\n  --full=true cannot also be provided when using --budget\nSee more help with --help',
      '--full cannot also be provided when using --budget.',
    ],
    [
      'Parsing --sample \n\tExpected an integer but received: 1.5\nSee more help with --help',
      '--sample: Expected an integer but received: 1.5.',
    ],
    [
      'Missing 1 required arg:\nsubject  A rule, or a key set as the report prints it.\nSee more help with --help',
      'Missing argument: a rule, or a key set as the report prints it.',
    ],
    ['command scan:extra not found', 'There is no command "scan extra".'],
  ])('%s', (message, expected) => {
    expect(usage(message)).toEqual({
      code: 'usage',
      message: expected,
      suggestions: ['`goc-audit scan --help` lists what it takes.'],
    })
  })

  test('without a command', () => {
    expect(usage('command x not found', '').suggestions).toEqual(['`goc-audit --help` lists what it takes.'])
  })

  test('a value that we refuse ourselves keeps its words', () => {
    const error = new UserError('Parsing --timeout \n\t--timeout: "5" is not a duration.\nSee more help with --help', {
      code: 'usage',
    })
    expect(describeFailure(error, 'scan').message).toBe('--timeout: "5" is not a duration.')
  })
})

test('with --json it fits the schema', () => {
  const tool = { name: 'goc-audit', version: '0.1.0' }
  for (const error of [
    new UserError('x', { code: 'y', location }),
    new UserError('x', { code: 'y' }),
    new Error('z'),
  ]) {
    expect(schemaErrors('error', { schemaVersion: 1, tool, error: describeFailure(error, 'scan') })).toEqual([])
  }
})
