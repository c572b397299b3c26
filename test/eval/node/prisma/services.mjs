// Everything here is a get-or-create.
import { onPostgres, prisma } from './client.mjs'

/** One statement where Prisma can. */
export const customer = (email, name) =>
  prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name } })

/** With a nested read, so never one statement. */
export const usage = (customerId, day) =>
  prisma.usageRecord.upsert({
    where: { customerId_day: { customerId, day } },
    create: { customerId, day, units: 1 },
    update: { units: { increment: 1 } },
  })

export async function plan(code, interval) {
  const found = await prisma.plan.findFirst({ where: { code, interval } })
  return found ?? prisma.plan.create({ data: { code, interval } })
}

/** Ended ones don't count. */
export const subscribe = (customerId, planId) =>
  prisma.$transaction(async (tx) => {
    const found = await tx.subscription.findFirst({ where: { customerId, planId, endedAt: null } })
    if (found) return tx.subscription.update({ where: { id: found.id }, data: { seats: { increment: 1 } } })
    return tx.subscription.create({ data: { customerId, planId } })
  })

/** A whole country has no region. */
export async function taxRate(country, region, percent) {
  const found = await prisma.taxRate.findFirst({ where: { country, region } })
  return found ?? prisma.taxRate.create({ data: { country, region, percent } })
}

/** Codes are compared without case. */
export async function voucher(code) {
  const same = onPostgres ? { equals: code, mode: 'insensitive' } : code
  const found = await prisma.voucher.findFirst({ where: { code: same } })
  return found ?? prisma.voucher.create({ data: { code } })
}

export const invoice = (customerId, cents, label) =>
  prisma.invoice.create({
    data: {
      cents,
      customer: { connect: { id: customerId } },
      tag: { connectOrCreate: { where: { label }, create: { label } } },
    },
  })

export async function wallet(customerId, currency) {
  if ((await prisma.wallet.count({ where: { customerId, currency } })) === 0)
    await prisma.wallet.create({ data: { customerId, currency } })
}
