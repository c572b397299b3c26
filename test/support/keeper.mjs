// Ends what a test run started, however the run goes away (end, failure, Ctrl-C, kill -9): its end closes the pipe
// on our stdin, and then we run the commands that stop the server and remove its directory.
// Usage: node keeper.mjs '{"stop": [["command", "argument"]], "remove": ["directory"], "uid": 101, "gid": 104}'
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

const { stop, remove, uid, gid } = JSON.parse(process.argv[2] ?? '')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

process.stdin.on('end', finish)
process.stdin.on('error', finish)
process.stdin.resume()

function finish() {
  for (const [command, ...args] of stop) {
    spawnSync(command, args, { stdio: 'ignore', windowsHide: true, cwd: remove[0], uid, gid, timeout: 20_000 })
  }
  for (const path of remove) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    } catch {
      // the other directories are still to be removed
    }
  }
  process.exit(0)
}
