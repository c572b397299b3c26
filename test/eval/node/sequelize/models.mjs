// A web shop, with Sequelize's own names: plural tables in PascalCase, columns in camelCase.
import { DataTypes, Sequelize } from 'sequelize'
import { target } from '../traffic.mjs'

const { postgres, host, port, user, password, database, pool } = target()
export const sequelize = new Sequelize(database, user, password, {
  dialect: postgres ? 'postgres' : 'mysql',
  host,
  port,
  logging: false,
  pool: { min: 1, max: pool },
})

const text = (length = 100) => ({ type: DataTypes.STRING(length) })
const number = () => ({ type: DataTypes.INTEGER })
const model = (name, fields, options = {}) => sequelize.define(name, fields, options)

export const Customer = model('Customer', { email: text(), fullName: text(), segment: text(20) })
export const Cart = model('Cart', { sessionKey: text(64), currency: text(3) })
export const CartLine = model(
  'CartLine',
  { cartId: number(), productId: number(), quantity: number() },
  {
    indexes: [{ unique: true, fields: ['cartId', 'productId'] }],
  },
)
export const Product = model('Product', { sku: { ...text(), unique: true }, title: text(), price: number() })
export const Coupon = model('Coupon', { code: text(), customerId: number(), percent: number() }, { paranoid: true })
export const Wishlist = model('Wishlist', { customerId: number(), label: text(), parentId: number() })
export const Category = model('Category', { slug: text(), locale: text(5), name: text() })
export const Stock = model(
  'Stock',
  { productId: number(), warehouse: text(10), level: number() },
  {
    indexes: [{ unique: true, fields: ['productId', 'warehouse'] }],
  },
)
export const Address = model('Address', { customerId: number(), kind: text(20), line: text() })
export const Brand = model('Brand', { name: text() })
export const Badge = model('Badge', { productId: number(), kind: text(20) })
export const Follower = model('Follower', { customerId: number(), brandId: number() })

export const Order = model('Order', { customerId: number(), total: number(), state: text(20) })
export const OrderEvent = model('OrderEvent', { orderId: number(), kind: text(20) })
export const Review = model('Review', { productId: number(), customerId: number(), stars: number() })
export const LoginToken = model('LoginToken', { token: text(64), customerId: number() })
export const Job = model('Job', { queue: text(20), state: text(20), payload: text() })
export const Price = model('Price', { productId: number(), region: text(5), cents: number() })
export const Setting = model('Setting', { name: text(), value: text() })
export const PageView = model('PageView', { productId: number(), sessionKey: text(64) })

Product.hasMany(Review, { foreignKey: 'productId', constraints: false })
Review.belongsTo(Product, { foreignKey: 'productId', constraints: false })
