import { number, plural } from '../../model/words.js'
import type { Report } from '../report.js'
import { keySetLabel } from './common.js'
import { histogram, share } from './html-charts.js'
import { code } from './html-text.js'

const ROWS = 10

/** How close together the rows of a group were born, and how long logs show the gap to be in which that can happen. */
export function raceSection(report: Report): string {
  const parts = [births(report), windows(report)].filter((part) => part !== '')
  return parts.length === 0
    ? ''
    : `<section aria-labelledby="races"><h2 id="races">The mark of a race</h2>${parts.join('\n')}</section>`
}

function births(report: Report): string {
  const all = report.databases.flatMap((database) =>
    database.keySets.flatMap((keySet) => {
      const { duplicates } = keySet
      if (!duplicates?.counted || duplicates.bornWithinSecond === null || duplicates.groups === 0) return []
      const { groups, bornWithinSecond } = duplicates
      return [{ label: keySetLabel(keySet.id, database, report), groups, born: bornWithinSecond }]
    }),
  )
  if (all.length === 0) return ''
  const sum = (key: 'groups' | 'born') => all.reduce((total, one) => total + one[key], 0)
  if (sum('born') === 0)
    return `<p>In none of ${plural(sum('groups'), 'duplicate group')} were two rows created within a second of each other. Rows that were imported or entered twice look like that, or a race in slow requests.</p>`
  const shown = all
    .filter(({ born }) => born > 0)
    .sort((a, b) => b.born - a.born || b.groups - a.groups)
    .slice(0, ROWS)
  const lines = shown.map(
    ({ label, groups, born }) =>
      `<tr><th scope="row">${code(label)}</th><td class="n">${number(born)}</td><td class="n">${number(groups)}</td><td>${share(born, groups)}</td></tr>`,
  )
  const most = all.filter(({ born }) => born > 0).length > ROWS ? `The ${ROWS} key sets with most` : 'By key set'
  const intro = `In ${number(sum('born'))} of ${plural(sum('groups'), 'duplicate group')} two rows were created within a second of each other: two callers looked up at the same time, and both inserted.`
  return `<p>${intro}</p><div class="scroll" tabindex="0" role="group" aria-label="Groups born within a second"><table><caption>${most}</caption><thead><tr><th scope="col">Key set</th><th class="n" scope="col">Within a second</th><th class="n" scope="col">Groups</th><th scope="col">Share</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`
}

/** Sums the windows of all key sets; buckets without any at either end are left out. */
function windows({ databases }: Report): string {
  const all = databases.flatMap(({ keySets }) => keySets.flatMap(({ raceWindow }) => (raceWindow ? [raceWindow] : [])))
  const counts: number[] = []
  for (const one of all) for (const [at, count] of one.entries()) counts[at] = (counts[at] ?? 0) + count
  const first = counts.findIndex((count) => count > 0)
  if (first < 0) return ''
  const buckets = counts.slice(first).map((count, at) => ({ label: `< ${duration(2 ** (first + at))}`, count }))
  while (buckets.at(-1)?.count === 0) buckets.pop()
  return `<p>Time between a lookup that found nothing and the INSERT that followed, in the logs. In that time another caller can do the same.</p><figure>${histogram(buckets, 'Lookups by the time until their INSERT')}</figure>`
}

function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`
  return milliseconds < 120_000 ? `${Math.round(milliseconds / 1000)} s` : `${Math.round(milliseconds / 60_000)} min`
}
