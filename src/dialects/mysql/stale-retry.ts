import type { ServerInfo } from './driver.js'

type Server = Pick<ServerInfo, 'flavour' | 'lockingReadSeesNewRows'>

const sharedLock = ({ flavour }: Server): string => (flavour === 'mysql' ? 'FOR SHARE' : 'LOCK IN SHARE MODE')

/** How the loser of a race finds the row although its snapshot is older. */
export function staleRetryAdvice(server: Server): string {
  return server.lockingReadSeesNewRows
    ? `Look up again in a new transaction, or in the same one with ${sharedLock(server)}, or run get-or-create at READ COMMITTED. Not with FOR UPDATE: callers that do so deadlock.`
    : `Look up again in a new transaction, or run get-or-create at READ COMMITTED. In the same one a locking read (${sharedLock(server)}, FOR UPDATE) can fail with error 1020, since innodb_snapshot_isolation is on here, and so can the INSERT itself.`
}

/** What the application must do once its INSERT can fail, for a migration's reader: in lines of the file, and as sentences. */
export function afterwards(server: Server): { readonly lines: readonly string[]; readonly sentences: string } {
  const codes = server.lockingReadSeesNewRows ? 'error 1062' : 'error 1062, or at REPEATABLE READ 1020'
  if (server.lockingReadSeesNewRows)
    return {
      lines: [
        'What the application must do from now on, since its INSERT may now fail with error 1062 (SQLSTATE 23000):',
        `catch it and read the row again: in the same transaction with ${sharedLock(server)}, or plainly in a new one,`,
        'since at REPEATABLE READ a plain lookup finds nothing in the same one; never with FOR UPDATE, which deadlocks.',
      ],
      sentences: `Its INSERT may fail with ${codes}: catch that and look up again, in the same transaction with ${sharedLock(server)}, or plainly in a new one: at REPEATABLE READ a plain lookup finds nothing. Never with FOR UPDATE, which deadlocks.`,
    }
  return {
    lines: [
      'What the application must do from now on, since its INSERT may now fail with error 1062 (SQLSTATE 23000),',
      'or at REPEATABLE READ with error 1020: catch these, and read the row again in a new transaction. In the same one',
      'a plain lookup finds nothing at REPEATABLE READ, and a locking one fails (innodb_snapshot_isolation is on here).',
    ],
    sentences: `Its INSERT may fail with ${codes}: catch that and look up again in a new transaction. In the same one a plain lookup finds nothing at REPEATABLE READ, and a locking one fails, since innodb_snapshot_isolation is on.`,
  }
}
