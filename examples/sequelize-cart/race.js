// Visitors whose pages send 16 requests at once: node race.js [again | for-share]
import { openCart, openCartAgain, openCartForShare, sequelize } from './cart.js'

const open = { again: openCartAgain, 'for-share': openCartForShare }[process.argv[2]] ?? openCart
const [visitors, requests] = [25, 16]
// Other visitors than last time.
const batch = Date.now().toString(36)

await sequelize.sync()
const failures = new Map()
for (let visitor = 0; visitor < visitors; visitor += 1) {
  const answers = await Promise.allSettled(Array.from({ length: requests }, () => open(`${batch}-${visitor}`)))
  for (const { reason } of answers.filter(({ status }) => status === 'rejected'))
    failures.set(reason.name, (failures.get(reason.name) ?? 0) + 1)
}
const [[{ several }]] = await sequelize.query(
  'SELECT COUNT(*) AS several FROM (SELECT session FROM carts WHERE session LIKE ? GROUP BY session HAVING COUNT(*) > 1) AS s',
  { replacements: [`${batch}-%`] },
)
const failed = [...failures].map(([name, count]) => `${count} failed with ${name}`)
console.log(`${visitors * requests} requests of ${visitors} visitors: ${failed.join(', ') || 'none failed'}`)
console.log(`${several} visitors have several carts`)
await sequelize.close()
