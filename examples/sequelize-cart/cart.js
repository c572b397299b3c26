import { DataTypes, Sequelize, Transaction, UniqueConstraintError } from 'sequelize'

export const sequelize = new Sequelize(process.env.DATABASE_URL ?? 'mysql://root@127.0.0.1/shop', {
  dialect: 'mysql',
  logging: false,
  pool: { max: 16 },
  // What MySQL and MariaDB do where nothing is said.
  isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ,
})

/** `session` has an index, but not a unique one. */
export const Cart = sequelize.define(
  'Cart',
  { session: { type: DataTypes.STRING(64), allowNull: false } },
  { tableName: 'carts', indexes: [{ fields: ['session'] }] },
)

/** The visitor's cart, made if there is none: what every page of the shop begins with. */
export function openCart(session) {
  return sequelize.transaction(async (transaction) => {
    const [cart] = await Cart.findOrCreate({ where: { session }, transaction })
    return cart
  })
}

/** As goc-audit advises once there is a unique key: whoever lost the race reads again, in a new transaction. */
export async function openCartAgain(session) {
  try {
    return await openCart(session)
  } catch (error) {
    if (!(error instanceof UniqueConstraintError)) throw error
    return Cart.findOne({ where: { session }, rejectOnEmpty: true })
  }
}

/**
 * Or in the same transaction, with FOR SHARE: a plain SELECT sees the rows of the transaction's beginning. MariaDB 11.6 and
 * newer refuse it (innodb_snapshot_isolation).
 */
export function openCartForShare(session) {
  return sequelize.transaction(async (transaction) => {
    try {
      const [cart] = await Cart.findOrCreate({ where: { session }, transaction })
      return cart
    } catch (error) {
      if (!(error instanceof UniqueConstraintError)) throw error
      return Cart.findOne({ where: { session }, transaction, lock: transaction.LOCK.SHARE, rejectOnEmpty: true })
    }
  })
}
