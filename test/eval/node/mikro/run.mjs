import { drive, lostRace, main } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { orm, request, Sender } from './entities.mjs'
import * as services from './services.mjs'

const depot = (n) => n.int(1, 12)
const parcel = (n) => n.int(1, 60)

async function create() {
  await orm.schema.createSchema()
  for (let number = 1; number <= 20; number++)
    await request().insert(Sender, { accountNo: `A${number}`, name: `Shop ${number}` })
}

const actions = [
  (n) => services.sender(`A${n.int(1, 140)}`, n.pick(['Books', "Kids' Shoes", 'Garden'])),
  (n) => services.announce(`TR${n.int(1, 150)}GB`, `to${n.int(1, 120)}@example.net`, n.pick(['Ana', 'Bo', "D'Arcy"])),
  (n) => services.depot(`D${n.int(1, 60)}`, n.pick(['DE', 'NL'])),
  (n) => services.route(depot(n), depot(n), n.chance(0.5) ? null : depot(n)),
  (n) => services.pallet(depot(n), `P-${n.int(1, 30)}`, n.int(10, 800)),
  (n) => services.vehicle(`B-XY ${n.int(1, 150)}`),
  (n) => services.zone(`${n.int(10, 60)}115`, n.pick(['bike', 'van'])),
  (n) => desk.scan(parcel(n), depot(n)),
  (n) => desk.track(parcel(n)),
  (n) => desk.remark(parcel(n), `Left with the neighbour ${n.int(1, 99)}`),
  async (n) => {
    const code = await desk.pickupCode(parcel(n))
    if (n.chance(0.6)) await desk.handOver(code)
  },
  () => desk.dispatchNext(),
  (n) => desk.enqueue(parcel(n)),
  (n) => n.chance(0.4) && desk.planShifts(depot(n), [1, 3, 5]),
  (n) => desk.isUnderEmbargo(n.pick(['AA', 'BB', 'CC', 'DD'])),
  (n) => n.chance(0.05) && desk.embargo(n.pick(['XX', 'YY'])),
]

const races = [
  (n) => services.sender(`R${n.int(1, 9999)}`, 'Twice'),
  (n) => services.vehicle(`RACE ${n.int(1, 9999)}`),
  (n) => services.announce(`RR${n.int(1, 9999)}GB`, `race${n.int(1, 9999)}@example.net`, 'Twice'),
  (n) => services.zone(`${n.int(1000, 9999)}9`, 'van'),
]

await main({ create, work: () => drive(actions, races, { expected: lostRace, rounds: 14 }), close: () => orm.close() })
