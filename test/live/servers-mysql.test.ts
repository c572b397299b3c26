import { expect, inject, test } from 'vitest'
import { mysqlReleases, mysqlVersion, startMysql } from '../support/mysql.js'
import { describeWith } from '../support/servers.js'

for (const release of mysqlReleases) {
  const way = inject('tools').mysql[release.name]
  describeWith(way)(release.label, () => {
    test('starts and answers', async () => {
      if (!way) throw new Error(`nothing on this machine can run ${release.label}`)
      const server = await startMysql(way)
      try {
        expect(await mysqlVersion(server.url)).toContain(release.label.split(' ')[1])
      } finally {
        await server.stop()
      }
    })
  })
}
