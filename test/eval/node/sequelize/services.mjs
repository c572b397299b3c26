// Everything here is a get-or-create.
import { col, fn, Op, UniqueConstraintError, where } from 'sequelize'
import {
  Address,
  Brand,
  Cart,
  CartLine,
  Category,
  Coupon,
  Customer,
  Follower,
  Product,
  Stock,
  sequelize,
  Wishlist,
} from './models.mjs'

export const openCart = (sessionKey) => Cart.findOrCreate({ where: { sessionKey }, defaults: { currency: 'EUR' } })

export async function addToCart(cartId, productId, quantity) {
  const [line, created] = await CartLine.findOrCreate({ where: { cartId, productId }, defaults: { quantity } })
  if (!created) await line.increment('quantity', { by: quantity })
}

export async function register(email, fullName) {
  const known = await Customer.findOne({ where: where(fn('lower', col('email')), email.toLowerCase()) })
  return known ?? (await Customer.create({ email: email.toLowerCase(), fullName }))
}

/** A loser of the race reads the winner's row. */
export async function importProduct(sku, title) {
  const found = await Product.findOne({ where: { sku } })
  if (found) return found
  try {
    return await Product.create({ sku, title, price: 100 })
  } catch (error) {
    if (!(error instanceof UniqueConstraintError)) throw error
    return Product.findOne({ where: { sku } })
  }
}

/** Coupons are soft-deleted. */
export async function coupon(customerId, code) {
  const [found] = await Coupon.findOrBuild({ where: { customerId, code } })
  if (found.isNewRecord) await found.set({ percent: 10 }).save()
  return found
}

/** Wishlists stand in a tree, whose roots have no parent. */
export async function wishlist(customerId, parentId, label) {
  const found = await Wishlist.findOne({ where: { customerId, parentId, label } })
  return found ?? Wishlist.create({ customerId, parentId, label })
}

export const category = (slug, locale) => Category.findCreateFind({ where: { slug, locale }, defaults: { name: slug } })

export const setStock = (productId, warehouse, level) => Stock.upsert({ productId, warehouse, level })

export const deliverTo = (customerId, line) =>
  sequelize.transaction(async (transaction) => {
    const found = await Address.findOne({ where: { customerId, kind: 'delivery' }, transaction, lock: true })
    if (found) return found.update({ line }, { transaction })
    return Address.create({ customerId, kind: 'delivery', line }, { transaction })
  })

export async function addBrand(name) {
  if ((await Brand.count({ where: { name } })) > 0) throw Object.assign(new Error(`${name} is taken`), { taken: true })
  return Brand.create({ name })
}

/** In one statement; without a table behind it, MySQL wants DUAL. */
export const badge = (productId, kind) =>
  sequelize.query(
    `INSERT INTO ${q('Badges')} (${q('productId')}, ${q('kind')}, ${q('createdAt')}, ${q('updatedAt')})
     SELECT :productId, :kind, NOW(), NOW() FROM (SELECT 1 AS one) AS source
     WHERE NOT EXISTS (SELECT 1 FROM ${q('Badges')} WHERE ${q('productId')} = :productId AND ${q('kind')} = :kind)`,
    { replacements: { productId, kind } },
  )

export async function follow(customerId, brandIds) {
  const found = await Follower.findAll({ where: { customerId, brandId: { [Op.in]: brandIds } } })
  const missing = brandIds.filter((brandId) => !found.some((each) => each.brandId === brandId))
  if (missing.length > 0) await Follower.bulkCreate(missing.map((brandId) => ({ customerId, brandId })))
}

const q = (name) => sequelize.getQueryInterface().quoteIdentifier(name)
