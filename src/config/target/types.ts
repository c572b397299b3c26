import type { Environment } from '../environment.js'

/** A dialect's ConnectionTarget: the full URL, and the same without secrets. */
export interface Target {
  readonly url: string
  readonly shown: string
  readonly schemas: readonly string[]
  readonly passwordCommand?: string
  /** The database's own, where it is no server: such a URL has no secrets. */
  readonly directory?: string
}

/** What a URL is completed from. */
export interface Surroundings {
  readonly env: Environment
  /** Where relative paths start. */
  readonly directory: string
}
