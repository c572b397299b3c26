import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Application, here } from './applications.js'

/** A log as a server left it. */
export interface Recorded {
  /** `stderr.log`: source and extension, see README.md. */
  readonly source: string
  readonly content: Buffer
}

/** Runs `create` or `work` of an application against a database; its output is ours. */
export async function runApplication(
  application: Application,
  step: 'create' | 'work',
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [command, ...args] = application[step]
  const child = spawn(command, args, {
    cwd: application.folder,
    env: { ...process.env, ...application.environment, ...environment, EVAL_DATABASE_URL: url },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${application.name} ended with ${code} at ${step}`)
}

/** Replaces the kept log. */
export async function keepLog(name: string, { source, content }: Recorded): Promise<void> {
  // No time inside, so that the same log makes the same file.
  const packed = gzipSync(content, { level: 9 })
  await writeFile(join(here, 'logs', `${name}-${source}.gz`), packed)
  console.log(`${name}-${source}.gz  ${(packed.length / 1024).toFixed(0)} KB`)
}
