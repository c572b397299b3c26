import { drive, lostRace, main } from '../traffic.mjs'
import { createTables, prisma } from './client.mjs'
import * as desk from './desk.mjs'
import * as services from './services.mjs'

const NAMES = ['Anil Shah', 'Berta Ruiz', "Conor O'Malley", 'Dana Weiss', 'Éva Nagy']
const customer = (n) => n.int(1, 30)

async function create() {
  await createTables()
  for (let number = 1; number <= 30; number++) {
    await prisma.customer.create({ data: { email: `c${number}@example.com`, name: NAMES[number % 5] } })
    await prisma.invoice.create({ data: { customerId: number, cents: 100 * number } })
  }
}

const actions = [
  (n) => services.customer(`c${n.int(1, 120)}@example.com`, n.pick(NAMES)),
  (n) => services.usage(customer(n), `2026-11-${n.int(10, 16)}`),
  (n) => services.plan(`plan-${n.int(1, 60)}`, n.pick(['month', 'year'])),
  (n) => services.subscribe(customer(n), n.int(1, 9)),
  (n) =>
    services.taxRate(
      n.pick(['DE', 'FR', 'IT', 'ES', 'PT', 'AT']),
      n.chance(0.4) ? null : `R${n.int(1, 20)}`,
      n.int(5, 25),
    ),
  (n) => services.voucher(n.pick([(x) => x, (x) => x.toLowerCase()])(`SAVE${n.int(1, 130)}`)),
  (n) => services.invoice(customer(n), n.int(100, 9000), `label-${n.int(1, 90)}`),
  (n) => services.wallet(customer(n), n.pick(['EUR', 'USD', 'GBP', 'CHF'])),
  (n) => desk.pay(n.int(1, 30), n.int(10, 900)),
  async (n) => {
    const token = await desk.magicLink(`c${customer(n)}@example.com`)
    if (token && n.chance(0.6)) await desk.useMagicLink(token)
  },
  () => desk.deliver(),
  (n) => desk.enqueue(`{"n":${n.int(1, 999)}}`),
  (n) => desk.isBlocked(`c${n.int(1, 60)}@example.com`),
  (n) => n.chance(0.1) && desk.block(`c${n.int(1, 60)}@example.com`),
  (n) => n.chance(0.4) && desk.reprice(n.int(1, 9), [n.int(1, 99), n.int(100, 999)]),
  (n) => desk.statement(customer(n)),
]

const races = [
  (n) => services.plan(`race-${n.int(1, 9999)}`, 'month'),
  (n) => services.invoice(1, 100, `race-${n.int(1, 9999)}`),
  (n) => services.subscribe(n.int(1000, 9999), 1),
  (n) => services.usage(n.int(1000, 9999), '2026-12-01'),
]

await main({
  create,
  work: () => drive(actions, races, { expected: lostRace, rounds: 8 }),
  close: () => prisma.$disconnect(),
})
