import { django } from './django.js'
import type { Emitter } from './emitter.js'
import { sql } from './sql.js'

/** By the name that `--format` takes. */
export const emitters = { sql, django } satisfies Readonly<Record<string, Emitter>>
