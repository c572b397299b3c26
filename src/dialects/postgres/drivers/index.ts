import type { OpenDriver } from '../driver.js'
import { refuseUnknownServer } from './version.js'

/** Opens the driver that the target's scheme asks for; only that one is loaded. Throws UserError. */
export const openDriver: OpenDriver = async (target, options) => {
  const driver = target.url.startsWith('pglite:')
    ? await (await import('./pglite.js')).openPglite(target, options)
    : await (await import('./pg.js')).openPg(target, options)
  try {
    await refuseUnknownServer(driver, target)
    return driver
  } catch (error) {
    await driver.close()
    throw error
  }
}
