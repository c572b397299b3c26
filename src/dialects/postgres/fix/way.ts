import type { FixWay } from '../../../model/plan-facts.js'

/** How migrations go about their work here. */
export const WAY: FixWay = {
  emptiesCycles: false,
  /**
   * Two tables of a million rows each, ten thousand of them surplus and as many repointed, took seven seconds on two busy
   * cores; this says eleven.
   */
  stall: { look: 2e-6, build: 1.5e-6, touch: 60e-6, fixed: 0.2, readersWait: false },
  mergeable: {
    sum: /^(smallint|integer|bigint|numeric|real|double precision|money|interval)$/,
    or: /^(boolean|smallint|integer|bigint|bit|bit varying)$/,
    and: /^(boolean|smallint|integer|bigint|bit|bit varying)$/,
    concat: /^(text|character varying|character|(.*\.)?citext)$/,
  },
  logReaders: null,
  wording: {
    archivePlace: 'schema',
    running: [],
    afterwards: [
      'What the application must do from now on, since its INSERT may now fail with a unique violation (SQLSTATE 23505):',
      'catch it, inside a transaction behind a savepoint, and read the row again; at REPEATABLE READ in a new transaction.',
    ],
    advice:
      'Its INSERT may fail with a unique violation: catch that, inside a transaction behind a savepoint, and look up again; at REPEATABLE READ in a new transaction.',
    client: 'psql -v ON_ERROR_STOP=1 -f',
  },
}
