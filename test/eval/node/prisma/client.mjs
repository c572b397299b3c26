// Subscriptions and invoices, with Prisma's own names: tables in PascalCase, columns in camelCase.
import { PrismaMariaDb } from '@prisma/adapter-mariadb'
import { PrismaPg } from '@prisma/adapter-pg'
import { target } from '../traffic.mjs'
import { generated } from './generate.mjs'

const { postgres, url, host, port, user, password, database, pool } = target()
export const onPostgres = postgres
const { PrismaClient } = await generated(postgres ? 'postgresql' : 'mysql')
const adapter = postgres
  ? new PrismaPg({ connectionString: url, max: pool })
  : new PrismaMariaDb({ host, port, user, password, database, connectionLimit: pool, allowPublicKeyRetrieval: true })
export const prisma = new PrismaClient({ adapter })

/** `prisma migrate`'s part. */
const tables = {
  Customer: ['email varchar(120) NOT NULL UNIQUE', 'name varchar(120)'],
  Plan: ['code varchar(60)', '!interval varchar(20)'],
  Subscription: ['!customerId int', '!planId int', 'seats int DEFAULT 1', '!endedAt timestamp NULL'],
  UsageRecord: ['!customerId int', 'day varchar(20)', 'units int', 'UNIQUE (!customerId, day)'],
  TaxRate: ['country varchar(2)', 'region varchar(20)', 'percent int'],
  Voucher: ['code varchar(60)'],
  Tag: ['label varchar(60) NOT NULL UNIQUE'],
  Wallet: ['!customerId int', 'currency varchar(3)'],
  Invoice: ['!customerId int', 'cents int', '!tagId int'],
  Payment: ['!invoiceId int', 'cents int'],
  MagicLink: ['token varchar(64)', '!customerId int'],
  Webhook: ['state varchar(20)', 'payload varchar(120)'],
  Blocked: ['email varchar(120)'],
  PriceLine: ['!planId int', 'cents int'],
}

export async function createTables() {
  const quote = (name) => (postgres ? `"${name}"` : `\`${name}\``)
  const id = postgres ? 'id serial PRIMARY KEY' : 'id int AUTO_INCREMENT PRIMARY KEY'
  for (const [name, columns] of Object.entries(tables)) {
    const written = columns.map((column) => column.replaceAll(/!(\w+)/g, (_, each) => quote(each)))
    await prisma.$executeRawUnsafe(`CREATE TABLE ${quote(name)} (${[id, ...written].join(', ')})`)
  }
}
