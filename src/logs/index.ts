import type { LogFormat } from './format.js'
import { postgresStderr } from './postgres-stderr.js'

export type { LogFormat, LogOptions } from './format.js'

/** Every kind of log that can be read; the order breaks ties in detection. */
export const logFormats: readonly LogFormat[] = [postgresStderr]
