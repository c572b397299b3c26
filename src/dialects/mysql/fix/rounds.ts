import type { Plan } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { check, nested, plain, run, runAll } from './blocks.js'
import { gated, mappingSteps, roundsOf, type Step, stateSql } from './mapping.js'
import { closingSteps } from './undecided.js'

/** Fills the maps: which row goes, and which one stays for it. */
export function mapRows(plan: Plan, ws: string): Statement[] {
  const steps = mappingSteps(plan, ws, gated)
  const rounds = roundsOf(plan)
  return [
    {
      comment: 'Which row goes, and which one stays for it: parents first, until nothing changes any more.',
      sql: 'SET @goc_round = 1, @goc_more = 1',
    },
    ...(rounds === 1 ? once(steps) : inRounds(steps, stateSql(plan, ws), rounds)),
    ...runAll(
      'What is asked of the maps.',
      closingSteps(plan, ws).map(({ sql }) => sql),
    ),
  ]
}

function once(steps: readonly Step[]): Statement[] {
  return steps.filter(({ when }) => when !== 'later').flatMap(({ comment, sql }) => run(comment, sql))
}

/** Each step is prepared once. `state`: a query with one text that changes as long as anything does. */
export function inRounds(steps: readonly Step[], state: string, rounds: number): Statement[] {
  const nameOf = (n: number) => `goc_step_${n + 1}`
  const prepared = steps.flatMap(({ comment, sql }, n) => [
    { comment, sql: `SET @goc_sql = IF(@goc_todo, ${nested(sql)}, 'DO 0')` },
    plain(`PREPARE ${nameOf(n)} FROM @goc_sql`),
  ])
  const due = (round: number) =>
    steps.flatMap(({ when }, n) =>
      when === 'always' || (when === 'first') === (round === 1) ? [plain(`EXECUTE ${nameOf(n)}`)] : [],
    )
  const numbers = Array.from({ length: rounds }, (_, n) => n + 1)
  return [
    plain("SET @goc_was = '', @goc_is = ''"),
    ...prepared,
    plain(`SET @goc_sql = IF(@goc_todo, ${nested(`SET @goc_is = IF(@goc_more = 1, (${state}), @goc_was)`)}, 'DO 0')`),
    plain('PREPARE goc_settled FROM @goc_sql'),
    ...numbers.flatMap((round) => [
      { comment: `Round ${round}`, sql: `SET @goc_round = ${round}` },
      ...due(round),
      plain('EXECUTE goc_settled'),
      plain('SET @goc_more = @goc_more AND @goc_is <> @goc_was'),
      plain('SET @goc_was = @goc_is'),
    ]),
    ...steps.map((_, n) => plain(`DEALLOCATE PREPARE ${nameOf(n)}`)),
    ...check(
      null,
      `SELECT 'it was not settled after ${rounds} rounds' AS text FROM DUAL WHERE @goc_more = 1`,
      'Fix fewer key sets at a time with --only.',
    ),
  ]
}
