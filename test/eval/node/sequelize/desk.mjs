// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import {
  Customer,
  Job,
  LoginToken,
  Order,
  OrderEvent,
  PageView,
  Price,
  Product,
  Review,
  Setting,
  sequelize,
} from './models.mjs'

export const checkout = (customerId, total) =>
  sequelize.transaction(async (transaction) => {
    const order = await Order.create({ customerId, total, state: 'new' }, { transaction })
    await OrderEvent.create({ orderId: order.id, kind: 'placed' }, { transaction })
    await order.reload({ transaction })
  })

/** The newest one is shown with its history, and gets an entry more. */
export async function ship(customerId) {
  const order = await Order.findOne({ where: { customerId }, order: [['id', 'DESC']] })
  if (!order) return
  const past = await OrderEvent.findAll({ where: { orderId: order.id } })
  await OrderEvent.create({ orderId: order.id, kind: past.length > 1 ? 'moved' : 'shipped' })
}

/** The reviews of a product are shown above the form that adds one. */
export async function review(productId, customerId, stars) {
  await Review.findAll({ where: { productId }, order: [['id', 'DESC']], limit: 20 })
  await Review.create({ productId, customerId, stars })
}

export const bestReviewed = () =>
  Product.findAll({
    include: [{ model: Review, where: { stars: 5 }, required: true }],
    order: [['id', 'ASC']],
    limit: 5,
  })

export async function loginLink(email) {
  const customer = await Customer.findOne({ where: { email } })
  if (!customer) return null
  const token = randomBytes(16).toString('hex')
  await LoginToken.create({ token, customerId: customer.id })
  return token
}

export async function useLoginLink(token) {
  const found = await LoginToken.findOne({ where: { token } })
  if (found) await found.destroy()
}

export async function work() {
  const job = await Job.findOne({ where: { queue: 'mail', state: 'waiting' }, order: [['id', 'ASC']] })
  if (job) await job.update({ state: 'done' })
}

export const enqueue = (payload) => Job.create({ queue: 'mail', state: 'waiting', payload })

export async function reprice(productId, prices) {
  await Price.destroy({ where: { productId } })
  await Price.bulkCreate(prices.map(([region, cents]) => ({ productId, region, cents })))
}

/** Kept in memory for a while by whoever asks. */
export const setting = async (name) => (await Setting.findOne({ where: { name } }))?.value ?? 'default'

export const view = (productId, sessionKey) => PageView.create({ productId, sessionKey })

export const alsoViewed = (productId) =>
  sequelize.query(
    `SELECT DISTINCT b."productId" FROM "PageViews" a JOIN "PageViews" b ON b."sessionKey" = a."sessionKey"
     WHERE a."productId" = :productId LIMIT 5`.replaceAll('"', sequelize.getDialect() === 'postgres' ? '"' : '`'),
    { replacements: { productId } },
  )
