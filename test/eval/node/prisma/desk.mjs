// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import { prisma } from './client.mjs'

/** What was paid is summed up before the next payment. */
export async function pay(invoiceId, cents) {
  await prisma.payment.findMany({ where: { invoiceId } })
  await prisma.payment.create({ data: { invoiceId, cents } })
}

export async function magicLink(email) {
  const found = await prisma.customer.findUnique({ where: { email } })
  if (!found) return null
  const token = randomBytes(16).toString('hex')
  await prisma.magicLink.create({ data: { token, customerId: found.id } })
  return token
}

export async function useMagicLink(token) {
  const found = await prisma.magicLink.findFirst({ where: { token } })
  if (found) await prisma.magicLink.delete({ where: { id: found.id } })
}

export async function deliver() {
  const next = await prisma.webhook.findFirst({ where: { state: 'waiting' }, orderBy: { id: 'asc' } })
  if (next) await prisma.webhook.update({ where: { id: next.id }, data: { state: 'done' } })
}

export const enqueue = (payload) => prisma.webhook.create({ data: { state: 'waiting', payload } })

export const isBlocked = (email) => prisma.blocked.findFirst({ where: { email } })

export const block = (email) => prisma.blocked.create({ data: { email } })

export const reprice = (planId, prices) =>
  prisma.$transaction([
    prisma.priceLine.deleteMany({ where: { planId } }),
    prisma.priceLine.createMany({ data: prices.map((cents) => ({ planId, cents })) }),
  ])

export const statement = (customerId) =>
  prisma.customer.findUnique({ where: { id: customerId }, include: { invoices: { include: { tag: true } } } })
