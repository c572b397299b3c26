// Makes the client for one database out of models.prisma. `prisma generate` wants the schema engine, which is for
// migrations only and would be downloaded; any program in its place will do, as the client's own parts are WASM.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('generated', import.meta.url))

export async function generated(provider) {
  const at = `${folder}/${provider}`
  if (!existsSync(`${at}/client/client.ts`)) {
    mkdirSync(at, { recursive: true })
    const models = readFileSync(new URL('models.prisma', import.meta.url), 'utf8')
    const head = `generator client {\n  provider = "prisma-client"\n  output = "./client"\n}\n\ndatasource db {\n  provider = "${provider}"\n}\n\n`
    // MySQL and PostgreSQL share the native types that the models name.
    writeFileSync(`${at}/schema.prisma`, head + models)
    writeFileSync(`${at}/prisma.config.mjs`, "export default { schema: './schema.prisma' }\n")
    const program = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url))
    const environment = { CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
    execFileSync(process.execPath, [program, 'generate', '--config', 'prisma.config.mjs'], {
      cwd: at,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  return import(`${at}/client/client.ts`)
}
