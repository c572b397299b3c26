import type { OpenDriver } from '../driver.js'

/** Opens the driver that the target's scheme asks for. Only that one is loaded. */
export const openDriver: OpenDriver = async (target, options) => {
  if (target.url.startsWith('pglite:')) return (await import('./pglite.js')).openPglite(target, options)
  return (await import('./pg.js')).openPg(target, options)
}
