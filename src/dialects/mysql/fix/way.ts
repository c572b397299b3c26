import type { FixWay } from '../../../model/plan-facts.js'
import type { ServerInfo } from '../driver.js'
import { afterwards } from '../stale-retry.js'
import type { LogSettings } from './facts-queries.js'

const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double)$/
const BITS = /^(tinyint|smallint|mediumint|int|bigint|bit)$/
const TEXTS = /^(char|varchar|tinytext|text|mediumtext|longtext)$/

/** How migrations go about their work here. */
export function wayOf(
  server: Pick<ServerInfo, 'flavour' | 'lockingReadSeesNewRows'>,
  { logs }: Pick<LogSettings, 'logs'>,
): FixWay {
  const then = afterwards(server)
  return {
    emptiesCycles: true,
    // Two tables of 202,000 rows each, two thousand of them surplus and as many repointed, took two to four seconds on two
    // busy cores, MySQL and MariaDB alike; this says six.
    stall: { look: 6e-6, build: 3e-6, touch: 200e-6, fixed: 1, readersWait: true },
    mergeable: { sum: NUMBERS, or: BITS, and: BITS, concat: TEXTS },
    logReaders: logs ? 'Replicas and other readers of the binary log receive' : null,
    wording: {
      archivePlace: 'database',
      running: [
        'It locks the tables until the unique key is there, and waits for that for five seconds at most, since everybody waits behind it.',
        'If it ends with error 1205, nothing has changed: run it again, as `until mysql … < FILE; do sleep 10; done` does.',
        'A transaction at REPEATABLE READ that had begun before, and reads such a table for the first time, ends with error 1412: it too is to be run again.',
      ],
      afterwards: then.lines,
      advice: then.sentences,
      client: `${server.flavour === 'mysql' ? 'mysql' : 'mariadb'} --default-character-set=utf8mb4 <`,
    },
  }
}
