import type { TestProject } from 'vitest/node'
import { type Line, type Started, startAll } from './start.js'

declare global {
  // Each Vitest project loads this file afresh; the servers are theirs together, and the last one stops them.
  var testServers: { readonly started: Promise<Started>; users: number } | undefined
  /** For the table at the end of the run. */
  var testLines: readonly Line[] | undefined
}

export async function setup(project: TestProject): Promise<void> {
  globalThis.testServers ??= { started: startAll(), users: 0 }
  globalThis.testServers.users += 1
  const started = await globalThis.testServers.started
  globalThis.testLines = started.lines
  project.provide('servers', started.servers)
  project.provide('tools', started.tools)
}

export async function teardown(): Promise<void> {
  const shared = globalThis.testServers
  if (!shared) return
  shared.users -= 1
  if (shared.users === 0) await (await shared.started).stop()
}
