import { drive, lostRace, main, uuidOf } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { close, createTables, db, tables } from './schema.mjs'
import * as services from './services.mjs'

const workspace = (n) => uuidOf('workspace', n.int(1, 8))
const link = (n) => uuidOf('link', n.int(1, 40))
const mail = (n) => n.pick([(x) => x, (x) => x.toUpperCase()])(`mate${n.int(1, 25)}@example.com`)

async function create() {
  await createTables()
  for (let number = 1; number <= 40; number++) {
    const workspaceId = uuidOf('workspace', 1 + (number % 8))
    if (number <= 8)
      await db
        .insert(tables.workspace)
        .values({ id: uuidOf('workspace', number), slug: `team-${number}`, title: 'A team' })
    await db
      .insert(tables.link)
      .values({ id: uuidOf('link', number), workspaceId, target: `https://example.com/${number}` })
    await db.insert(tables.alias).values({ code: `c${number}`, linkId: uuidOf('link', number) })
  }
}

const actions = [
  (n) => services.openWorkspace(`team-${n.int(1, 150)}`, "The team's"),
  (n) => services.shorten(workspace(n), `https://example.com/${n.int(1, 60)}`, 'A page'),
  (n) => services.claimDomain(`go${n.int(1, 150)}.example`, workspace(n)),
  (n) => services.seen(`${n.int(1, 150).toString(16)}f00d`),
  (n) => services.countClick(link(n), `2026-11-${n.int(10, 20)}`),
  (n) =>
    services.makeFolder(
      workspace(n),
      n.chance(0.4) ? null : uuidOf('folder', n.int(1, 4)),
      n.pick(['ads', 'mail', 'print']),
    ),
  (n) => services.addMember(workspace(n), mail(n)),
  (n) =>
    services.campaigns(workspace(n), n.pick(['news', 'ad', 'social', 'qr']), ['banner', n.pick(['story', 'post'])]),
  (n) => services.nameLink(`c${n.int(1, 120)}`, link(n)),
  (n) => desk.follow(`c${n.int(1, 40)}`, uuidOf('visitor', n.int(1, 90)), n.pick(['https://example.org', ''])),
  (n) => desk.recentClicks(link(n)),
  (n) => desk.discuss(link(n), `Expired? ${n.int(1, 999)}`),
  async (n) => {
    const code = await desk.sendCode(`mate${n.int(1, 25)}@example.com`)
    if (n.chance(0.7)) await desk.useCode(code)
  },
  (n) => n.chance(0.4) && desk.replaceRules(link(n), ['DE', 'FR']),
  () => desk.deliver(),
  (n) => desk.enqueue(`{"n":${n.int(1, 999)}}`),
  (n) => desk.isBlocked(`bad${n.int(1, 60)}.example`),
  (n) => n.chance(0.1) && desk.block(`bad${n.int(1, 60)}.example`),
  (n) => desk.mostFollowed(`team-${n.int(1, 8)}`),
]

const races = [
  (n) => services.seen(`${n.int(1, 9999).toString(16)}race`),
  (n) => services.openWorkspace(`race-${n.int(1, 9999)}`, 'Twice'),
  (n) => services.claimDomain(`race${n.int(1, 9999)}.example`, uuidOf('workspace', 1)),
  (n) => services.shorten(uuidOf('workspace', 1), `https://example.com/race${n.int(1, 9999)}`, 'Twice'),
]

await main({ create, work: () => drive(actions, races, { expected: lostRace }), close })
