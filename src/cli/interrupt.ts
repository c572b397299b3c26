import { INCOMPLETE } from './exit-code.js'

/**
 * Ctrl-C (or a request to end) stops what runs on the server, so that what is known so far can still be shown; a second
 * one ends the program at once.
 */
export function onInterrupt(tell: (text: string) => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(INCOMPLETE)
    controller.abort()
    tell('Stopping; press Ctrl-C again to leave at once.\n')
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.on(name, stop)
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, stop)
    },
  }
}
