// Everything here is a get-or-create.
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core'
import { Depot, Pallet, Parcel, Recipient, Route, request, Sender, Vehicle, Zone } from './entities.mjs'

/** A loser of the race reads the winner's row. */
export async function sender(accountNo, name) {
  const em = request()
  const found = await em.findOne(Sender, { accountNo })
  if (found) return found
  try {
    await em.persistAndFlush(em.create(Sender, { accountNo, name }))
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
  }
  return request().findOneOrFail(Sender, { accountNo })
}

/** In one unit of work: both inserts come at the flush, long after the first lookup. */
export async function announce(trackingNo, email, name) {
  const em = request()
  const parcel = await em.findOne(Parcel, { trackingNo })
  const recipient = await em.findOne(Recipient, { email })
  if (!parcel) em.persist(em.create(Parcel, { trackingNo }))
  if (!recipient) em.persist(em.create(Recipient, { email, name }))
  await em.flush()
}

/** Closed depots don't count. */
export const depot = (code, country) =>
  request().transactional(async (em) => {
    const found = await em.findOne(Depot, { code, country, closedAt: null })
    if (!found) em.create(Depot, { code, country })
  })

/** Most go straight. */
export async function route(fromDepot, toDepot, viaDepot) {
  const em = request()
  const found = await em.findOne(Route, { fromDepot, toDepot, viaDepot })
  if (!found) await em.persistAndFlush(em.create(Route, { fromDepot, toDepot, viaDepot }))
}

export const pallet = (depotId, label, weight) =>
  request().upsert(Pallet, { depotId, label, weight }, { onConflictFields: ['depotId', 'label'] })

export async function vehicle(plate) {
  const em = request()
  if ((await em.count(Vehicle, { plate })) === 0) await em.insert(Vehicle, { plate })
}

export const zone = (postcode, carrier) =>
  request().transactional(async (em) => {
    const found = await em.findOne(Zone, { postcode, carrier }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!found) em.create(Zone, { postcode, carrier })
  })
