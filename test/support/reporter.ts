import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

/** Ends the run with a table of the servers and, as the last line, `N passed, N failed`. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let [passed, failed, skipped] = [0, unhandled.length, 0]
    for (const module of modules) {
      failed += module.errors().length
      for (const suite of module.children.allSuites()) failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        // In a suite of a suite that is skipped they stay pending.
        else if (state === 'skipped' || (state === 'pending' && isSkipped(test))) skipped += 1
        else failed += 1
      }
    }
    const lines = [...table(), ...(skipped ? [`${skipped} skipped`] : []), `${passed} passed, ${failed} failed`]
    process.stdout.write(`\n${lines.join('\n')}\n`)
    if (failed > 0) process.exitCode = 1
  }
}

function table(): string[] {
  const lines = globalThis.testLines ?? []
  if (lines.length === 0) return []
  const width = Math.max(...lines.map(({ what }) => what.length))
  return [
    'Servers and tools of this run',
    ...lines.map(({ what, from, missing }) =>
      `  ${what.padEnd(width)}  ${missing ? `skipped  ${missing}` : `ran      ${from}`}`.trimEnd(),
    ),
    '',
  ]
}

/** Itself, or a suite that it is in. */
function isSkipped({ options, parent }: TestCase | TestSuite): boolean {
  return options.mode === 'skip' || (parent.type === 'suite' && isSkipped(parent))
}
