// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import { Dispatch, Embargo, PickupCode, Remark, request, Scan, Shift } from './entities.mjs'

export const scan = (parcelId, depotId) => request().insert(Scan, { parcelId, depotId })

export const track = (parcelId) => request().find(Scan, { parcelId }, { orderBy: { id: 'desc' }, limit: 10 })

/** All remarks are shown beside the form. */
export async function remark(parcelId, body) {
  const em = request()
  await em.find(Remark, { parcelId })
  await em.persistAndFlush(em.create(Remark, { parcelId, body }))
}

export async function pickupCode(parcelId) {
  const code = randomBytes(4).toString('hex')
  await request().insert(PickupCode, { code, parcelId })
  return code
}

export async function handOver(code) {
  const em = request()
  const found = await em.findOne(PickupCode, { code })
  if (found) await em.removeAndFlush(found)
}

export async function dispatchNext() {
  const em = request()
  const next = await em.findOne(Dispatch, { state: 'waiting' }, { orderBy: { id: 'asc' } })
  if (next) next.state = 'done'
  await em.flush()
}

export const enqueue = (parcelId) => request().insert(Dispatch, { state: 'waiting', parcelId })

export const planShifts = (depotId, weekdays) =>
  request().transactional(async (em) => {
    await em.nativeDelete(Shift, { depotId })
    await em.insertMany(
      Shift,
      weekdays.map((weekday) => ({ depotId, weekday })),
    )
  })

export const isUnderEmbargo = async (country) => (await request().count(Embargo, { country })) > 0

export const embargo = (country) => request().insert(Embargo, { country })
