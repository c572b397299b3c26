import { drive, lostRace, main, target } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { Account, Contact, createTables, db, Pipeline } from './models.mjs'
import * as services from './services.mjs'

const NAMES = ['Aiko Mori', 'Bruno Costa', "Dara O'Neill", 'Femi Ade', 'Greta Holm']
const account = (n) => n.int(1, 10)
const contact = (n) => n.int(1, 30)
const findContact = target().postgres ? services.contact : services.contactOnMysql
const mail = (n) => n.pick([(x) => x, (x) => x.toUpperCase()])(`lead${n.int(1, 25)}@example.net`)

async function create() {
  await createTables()
  for (let number = 1; number <= 30; number++) {
    if (number <= 10) await Account.query().insert({ domain: `firm${number}.example`, name: `Firm ${number}` })
    await Contact.query().insert({
      accountId: 1 + (number % 10),
      email: `p${number}@example.net`,
      fullName: NAMES[number % 5],
    })
    await Pipeline.query().insert({ accountId: 1 + (number % 10), name: `Old ${number}` })
  }
}

const actions = [
  (n) => services.account(`firm${n.int(1, 150)}.example`),
  (n) => findContact(account(n), mail(n), n.pick(NAMES)),
  (n) => services.label(n.pick(['vip', 'cold', 'partner', 'press']) + n.int(1, 15), contact(n)),
  (n) => services.pipeline(account(n), n.chance(0.4) ? null : n.int(1, 6), n.pick(['sales', 'renewals', 'support'])),
  (n) => services.consent(contact(n), n.pick(['news', 'calls', 'post']), n.chance(0.5)),
  (n) => services.linkExternal(n.pick(['hub', 'mail', 'desk']), `x-${n.int(1, 80)}`, contact(n)),
  (n) => services.use(account(n), `2026-${n.int(10, 12)}`),
  (n) => services.visit(contact(n), `2026-11-${n.int(10, 16)}`),
  (n) => desk.note(contact(n), `Called, will call back ${n.int(1, 999)}`),
  (n) => desk.act(contact(n), n.pick(['opened', 'clicked', 'called'])),
  (n) => desk.timeline(contact(n)),
  (n) => desk.nextTask(n.int(1, 6)),
  (n) => desk.plan(n.int(1, 6), n.pick(['Call', 'Write', 'Visit'])),
  (n) => desk.authenticate(`key-${n.int(1, 60)}`),
  (n) => n.chance(0.3) && desk.newKey(account(n)),
  async (n) => {
    const code = await desk.invite(account(n))
    if (n.chance(0.6)) await desk.accept(code)
  },
  (n) => n.chance(0.4) && desk.exportAll(account(n), ['name;amount', `a;${n.int(1, 99)}`]),
  (n) => desk.isKnown(`p${contact(n)}@example.net`),
  (n) => desk.deal(n.int(1, 30), n.pick(['Licence', 'Course', 'Visit']), n.int(100, 9000)),
  () => desk.biggest(),
]

const races = [
  (n) => services.account(`race${n.int(1, 9999)}.example`),
  (n) => services.label(`race${n.int(1, 9999)}`, 1),
  (n) => services.visit(n.int(1000, 9999), '2026-11-20'),
  (n) => services.linkExternal('race', `x-${n.int(1, 9999)}`, 1),
]

await main({ create, work: () => drive(actions, races, { expected: lostRace }), close: () => db.destroy() })
