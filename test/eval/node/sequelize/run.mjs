import { drive, lostRace, main } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { Category, Customer, Price, Product, sequelize } from './models.mjs'
import * as services from './services.mjs'

const NAMES = ['Amara Cole', 'Bo Lindqvist', "Ciara O'Shea", 'Dev Patel', 'Élodie Roux']
const customer = (n) => n.int(1, 30)
const product = (n) => n.int(1, 40)
const session = (n) => `${n.int(1, 160).toString(16).padStart(8, '0')}c0ffee`
const mail = (n) => n.pick([(x) => x, (x) => x.toUpperCase()])(`buyer${n.int(1, 140)}@example.com`)

async function create() {
  await sequelize.sync()
  for (let number = 1; number <= 40; number++) {
    await Product.create({ sku: `SKU-${number}`, title: `Thing ${number}`, price: number * 10 })
    await Price.create({ productId: number, region: 'EU', cents: number * 1000 })
    if (number <= 30) await Customer.create({ email: `c${number}@example.com`, fullName: NAMES[number % 5] })
  }
  await Category.create({ slug: 'shoes', locale: 'en', name: 'Shoes' })
}

const actions = [
  (n) => services.openCart(session(n)),
  (n) => services.addToCart(n.int(1, 40), product(n), n.int(1, 3)),
  (n) => services.register(mail(n), n.pick(NAMES)),
  (n) => services.importProduct(`SKU-${n.int(1, 150)}`, 'Thing'),
  (n) => services.coupon(customer(n), `WELCOME${n.int(1, 6)}`),
  (n) => services.wishlist(customer(n), n.chance(0.4) ? null : n.int(1, 5), n.pick(['birthday', 'home', 'later'])),
  (n) => services.category(n.pick(['shoes', 'hats', 'bags', 'coats']) + n.int(1, 12), n.pick(['en', 'de'])),
  (n) => services.setStock(product(n), n.pick(['N', 'S', 'W']), n.int(0, 99)),
  (n) => services.deliverTo(n.int(1, 90), `${n.int(1, 99)} High Street`),
  (n) => services.addBrand(`Brand ${n.int(1, 150)}`),
  (n) => services.badge(product(n), n.pick(['new', 'eco', 'sale'])),
  (n) => services.follow(customer(n), [n.int(1, 20), n.int(21, 40)]),
  (n) => desk.checkout(customer(n), n.int(10, 500)),
  (n) => desk.ship(customer(n)),
  (n) => desk.review(product(n), customer(n), n.int(1, 5)),
  () => desk.bestReviewed(),
  async (n) => {
    const token = await desk.loginLink(`c${customer(n)}@example.com`)
    if (token && n.chance(0.7)) await desk.useLoginLink(token)
  },
  () => desk.work(),
  (n) => desk.enqueue(`hello ${n.int(1, 999)}`),
  (n) =>
    n.chance(0.4) &&
    desk.reprice(product(n), [
      ['EU', n.int(100, 9000)],
      ['US', n.int(100, 9000)],
    ]),
  (n) => desk.setting(n.pick(['banner', 'currency', 'theme'])),
  (n) => desk.view(product(n), session(n)),
  (n) => desk.alsoViewed(product(n)),
]

const races = [
  (n) => services.openCart(`race${n.int(1, 9999)}`),
  (n) => services.importProduct(`RACE-${n.int(1, 9999)}`, 'Twice'),
  (n) => services.register(`race${n.int(1, 9999)}@example.com`, 'Twice'),
  (n) => services.deliverTo(n.int(1000, 9999), 'Nowhere'),
]

const expected = (error) => error.taken || lostRace(error)
await main({ create, work: () => drive(actions, races, { expected }), close: () => sequelize.close() })
