// Drives applications on new servers and keeps the servers' logs: `npm run eval:record -- 'node-*' [postgres,mysql]`.
// Needs the packages of the applications' languages (`npm ci --prefix test/eval/node`), and for MySQL and MariaDB Docker
// with the images that test/provision makes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { reason } from '../support/process.js'
import { type Application, applications, type ServerKind, wild } from './support/applications.js'
import { recordMysql } from './support/record-mysql.js'
import { recordBouncer, recordPostgres } from './support/record-postgres.js'
import { keepLog, type Recorded } from './support/recording.js'

const [only = '*', kinds = '*'] = process.argv.slice(2)

async function recordOn(kind: ServerKind, application: Application): Promise<Recorded[]> {
  if (kind !== 'postgres') return recordMysql(application, kind)
  const direct = await recordPostgres(application)
  return application.bouncer ? [...direct, ...(await recordBouncer(application))] : direct
}

for (const application of await applications(only)) {
  const { name, folder, needs, servers } = application
  if (needs !== undefined && !existsSync(join(folder, needs))) {
    console.log(`${name}: not recorded, since ${join(folder, needs)} isn't there`)
    continue
  }
  for (const kind of servers.filter((each) => wild(each, kinds)))
    try {
      for (const recorded of await recordOn(kind, application)) await keepLog(`${name}-${kind}`, recorded)
    } catch (error) {
      console.error(`${name} on ${kind}: ${reason(error)}`)
      process.exitCode = 1
    }
}
