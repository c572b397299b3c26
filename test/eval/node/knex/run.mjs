import { drive, lostRace, main } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { createTables, db } from './schema.mjs'
import * as services from './services.mjs'

const NAMES = ['Ada Obi', 'Ben Carter', "Cara O'Neil", 'Dilan Kaya', 'Eva Novák']
const TAGS = ['travel', 'food', 'bikes', 'music', 'games', 'garden', 'trains']
const member = (n) => n.int(1, 30)
const topic = (n) => n.int(1, 30)
const mail = (n) => n.pick([(x) => x, (x) => x.toUpperCase()])(`user${n.int(1, 140)}@example.org`)

async function create() {
  await createTables()
  for (let number = 1; number <= 30; number++) {
    await db('members').insert({ email: `member${number}@example.org`, display_name: NAMES[number % 5] })
    await db('topics').insert({ forum_id: 1 + (number % 4), slug: `topic-${number}`, title: `Topic ${number}` })
    await db('posts').insert([1, 2, 3].map((each) => ({ topic_id: number, member_id: number, body: `post ${each}` })))
  }
}

const actions = [
  (n) => services.join(mail(n), n.pick(NAMES)),
  (n) => services.openTopic(n.int(1, 4), `new-${n.int(1, 40)}`, 'A question'),
  (n) => services.tagTopic(topic(n), n.pick(TAGS) + n.int(1, 12)),
  (n) => services.subscribe(member(n), n.chance(0.3) ? null : topic(n)),
  (n) => services.saveDraft(member(n), topic(n), 'I think that'),
  (n) => services.takeHandle(`handle${n.int(1, 150)}`, member(n)),
  (n) => services.react(n.int(1, 90), member(n), n.pick(['like', 'laugh', 'sad'])),
  (n) => services.award(member(n), n.pick(['first-post', 'helper', 'veteran', 'writer'])),
  (n) => services.vote(n.int(1, 9), member(n), n.pick(['yes', 'no'])),
  (n) => services.markRead(member(n), topic(n), n.int(1, 90)),
  (n) => desk.reply(topic(n), member(n), 'Thank you'),
  (n) => desk.page(`/forum/${n.int(1, 30)}`),
  (n) => n.chance(0.3) && desk.publishPage(`/forum/${n.int(1, 30)}`),
  () => desk.sendMails(),
  (n) => desk.notify(n.pick(['reply', 'mention']), member(n)),
  (n) => desk.isBanned(member(n)),
  (n) => n.chance(0.1) && desk.ban(member(n), 'spam'),
  async (n) => {
    const token = await desk.forgotPassword(member(n))
    if (n.chance(0.7)) await desk.resetPassword(token)
  },
  (n) => n.chance(0.3) && desk.replaceWatchWords(n.int(1, 4), ['casino', 'pills', `word${n.int(1, 99)}`]),
  (n) => desk.login(`member${member(n)}@example.org`, `192.0.2.${n.int(1, 250)}`),
  (n) => desk.recentLogins(member(n)),
  (n) => desk.mostActive(n.int(1, 4)),
]

const races = [
  (n) => services.tagTopic(1, `race${n.int(1, 9999)}`),
  (n) => services.join(`race${n.int(1, 9999)}@example.org`, 'Twice'),
  (n) => services.openTopic(1, `race-${n.int(1, 9999)}`, 'Twice'),
  (n) => services.markRead(n.int(1000, 9999), 1, 1),
]

await main({ create, work: () => drive(actions, races, { expected: lostRace }), close: () => db.destroy() })
