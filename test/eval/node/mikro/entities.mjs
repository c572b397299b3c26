// Parcels and depots, with MikroORM; an old database whose names are upper case and quoted.
import { EntitySchema } from '@mikro-orm/core'
import { target } from '../traffic.mjs'

const { postgres, host, port, user, password, database, pool } = target()

function entity(name, columns, uniques = []) {
  const upper = (property) => property.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  const properties = { id: { type: 'number', primary: true, fieldName: 'ID' } }
  for (const [property, type] of Object.entries(columns))
    properties[property] = {
      type: type.replace('?', ''),
      nullable: type.endsWith('?'),
      fieldName: upper(property),
      ...(type.startsWith('string') && { length: 120 }),
    }
  return new EntitySchema({
    name,
    tableName: upper(name).slice(1),
    properties,
    uniques: uniques.map((each) => ({ properties: each })),
  })
}

export const Sender = entity('Sender', { accountNo: 'string', name: 'string?' }, [['accountNo']])
export const Parcel = entity('Parcel', { trackingNo: 'string', senderId: 'number?' })
export const Depot = entity('Depot', { code: 'string', country: 'string', closedAt: 'Date?' })
export const Route = entity('Route', { fromDepot: 'number', toDepot: 'number', viaDepot: 'number?' })
export const Recipient = entity('Recipient', { email: 'string', name: 'string?' })
export const Pallet = entity('Pallet', { depotId: 'number', label: 'string', weight: 'number?' }, [
  ['depotId', 'label'],
])
export const Vehicle = entity('Vehicle', { plate: 'string' })
export const Zone = entity('Zone', { postcode: 'string', carrier: 'string' })

export const Scan = entity('Scan', { parcelId: 'number', depotId: 'number' })
export const Remark = entity('Remark', { parcelId: 'number', body: 'string' })
export const PickupCode = entity('PickupCode', { code: 'string', parcelId: 'number' })
export const Dispatch = entity('Dispatch', { state: 'string', parcelId: 'number' })
export const Shift = entity('Shift', { depotId: 'number', weekday: 'number' })
export const Embargo = entity('Embargo', { country: 'string' })

const entities = [
  Sender,
  Parcel,
  Depot,
  Route,
  Recipient,
  Pallet,
  Vehicle,
  Zone,
  Scan,
  Remark,
  PickupCode,
  Dispatch,
  Shift,
  Embargo,
]
const { MikroORM } = await import(postgres ? '@mikro-orm/postgresql' : '@mikro-orm/mysql')
export const orm = await MikroORM.init({
  host,
  port,
  user,
  password,
  dbName: database,
  entities,
  pool: { min: 1, max: pool },
  discovery: { warnWhenNoEntities: false },
})
/** One per request, as in a web framework's middleware. */
export const request = () => orm.em.fork()
