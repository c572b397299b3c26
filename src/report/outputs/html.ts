import { createHash } from 'node:crypto'
import { number, plural } from '../../model/words.js'
import { type Report, verdictWord } from '../report.js'
import { type Found, fails, gaps, keySetLabel, type OutputOptions, worstFirst } from './common.js'
import { plot } from './html-charts.js'
import { keySetSections, otherFindings, type Row, rowsOf, rulePages } from './html-keysets.js'
import { raceSection } from './html-races.js'
import { SCRIPT } from './html-script.js'
import { STYLE } from './html-style.js'
import { code, moment, text } from './html-text.js'

/**
 * One file that needs nothing else: no network (its own policy forbids it), readable without the script and on paper.
 */
export function html(report: Report, options: OutputOptions): string {
  const found = worstFirst(report)
  const rows = rowsOf(report)
  const name = databaseNames(report)
  const main = [
    overview(report, found),
    historySection(report),
    raceSection(report),
    keySets(rows, report, options),
    otherFindings(report, options),
    ignored(report),
    notes(report),
    rulePages(report, options),
  ]
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(`goc-audit: ${name}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#sets">Skip to the key sets</a>
<div class="page">
<header>
<h1>Get-or-create audit of ${text(name)}</h1>
<p class="quiet">${servers(report)}${moment(options.at)}, ${text(report.tool.name)} ${text(report.tool.version)}</p>
${state(report, found, options)}
</header>
<main>
${main.filter((part) => part !== '').join('\n')}
</main>
<footer class="quiet"><p>${report.showsValues ? 'Sample values are shown as they are stored; they may be personal data.' : 'Sample values are masked.'} Fails on: ${text(options.failOn)}.</p></footer>
</div>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function policy(): string {
  const hash = (content: string) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`
}

function databaseNames({ databases }: Report): string {
  const [first] = databases
  if (databases.length > 1) return plural(databases.length, 'database')
  return first?.database.name || 'a database'
}

function servers({ databases }: Report): string {
  const names = databases.map(({ database }) =>
    [database.flavour || database.dialect, database.version].join(' ').trim(),
  )
  const known = [...new Set(names)].filter((name) => name !== '')
  return known.length === 0 || known.length > 4 ? '' : `${text(known.join(', '))}, `
}

/** The first thing to know: whether it passes, and whether all was seen. */
function state(report: Report, found: readonly Found[], { failOn }: OutputOptions): string {
  const failing = found.filter(({ finding }) => fails(finding, failOn)).length
  const known = found.filter(({ finding }) => finding.status === 'known').length
  const accepted =
    known > 0 ? ` ${plural(known, 'known finding is', 'known findings are')} accepted by the baseline.` : ''
  if (!report.complete) {
    const lines = report.databases.flatMap((database) => {
      if (database.complete) return []
      const prefix = report.several ? `${database.database.name}: ` : ''
      return gaps(database).map((gap) => `<li>${text(prefix)}${text(gap)}</li>`)
    })
    const also = failing > 0 ? ` ${plural(failing, 'finding fails', 'findings fail')} the check all the same.` : ''
    return `<div class="state unsure"><strong>The scan is incomplete.</strong> What is missing here is not proven to be clean.${also}<ul>${lines.join('')}</ul></div>`
  }
  if (failing > 0)
    return `<p class="state bad"><strong>${plural(failing, 'finding fails', 'findings fail')} the check.</strong>${accepted}</p>`
  if (found.length === 0) return `<p class="state good"><strong>Nothing found.</strong>${allIsWell(report)}</p>`
  return `<p class="state good"><strong>Nothing fails the check.</strong>${accepted}</p>`
}

/** Said only where it was looked at. */
function allIsWell({ databases }: Report): string {
  const all = databases.flatMap(({ keySets }) => keySets)
  const well = all.every(
    ({ protection, duplicates }) => protection === 'full' && duplicates?.counted && duplicates.groups === 0,
  )
  return well && all.length > 0 ? ' Every key set is protected, and no rows share a key.' : ''
}

function overview({ summary, databases, several }: Report, found: readonly Found[]): string {
  const of = (severity: string) => found.filter(({ finding }) => finding.severity === severity).length
  const status = (one: string) => found.filter(({ finding }) => finding.status === one).length
  const compared = found.some(({ finding }) => finding.status !== undefined)
  const severities = (['error', 'warning', 'note'] as const).flatMap((one) =>
    of(one) > 0 ? [plural(of(one), one)] : [],
  )
  const tiles: [string, string, string?][] = [
    ['Findings', number(found.length), severities.join(', ')],
    ...(compared
      ? [
          [
            'Beyond the baseline',
            number(status('new') + status('worse')),
            `${number(status('new'))} new, ${number(status('worse'))} worse`,
          ] as [string, string, string],
        ]
      : []),
    ['Duplicate groups', number(summary.duplicateGroups)],
    ['Surplus rows', number(summary.surplusRows)],
    ['Key sets', number(summary.keySets), several ? `in ${plural(databases.length, 'database')}` : undefined] as [
      string,
      string,
      string?,
    ],
  ]
  const list = tiles.map(
    ([term, value, more]) =>
      `<div><dt>${term}${more ? `<span class="more">: ${more}</span>` : ''}</dt><dd>${value}</dd></div>`,
  )
  return `<section aria-labelledby="overview"><h2 id="overview">Overview</h2><dl class="tiles">${list.join('')}</dl>${verdictBar(databases.flatMap(({ keySets }) => keySets.map(({ protection }) => verdictWord(protection))))}</section>`
}

function verdictBar(words: readonly ReturnType<typeof verdictWord>[]): string {
  if (words.length === 0) return ''
  let from = 0
  const counts = (['unsafe', 'conditional', 'unknown', 'safe'] as const).map((word) => ({
    word,
    count: words.filter((one) => one === word).length,
  }))
  const parts = counts.map(({ word, count }) => {
    const width = Math.round((count / words.length) * 10_000) / 10
    const part =
      count === 0 ? '' : `<rect class="${word}" x="${Math.round(from * 10) / 10}" width="${width}" height="14"/>`
    from += width
    return part
  })
  const legend = counts
    .filter(({ count }) => count > 0)
    .map(
      ({ word, count }) =>
        `<li><span class="mark ${word}" aria-hidden="true"></span><a href="#v-${word}">${number(count)} ${word}</a></li>`,
    )
  return `<svg class="bar-of" aria-hidden="true" viewBox="0 0 1000 14" preserveAspectRatio="none">${parts.join('')}</svg><ul class="legend">${legend.join('')}</ul>`
}

const TABLE_ROWS = 30

function historySection({ history }: Report): string {
  if (history === undefined || history.length === 0) return ''
  const points = history.map(({ at, surplusRows }) => ({ at, value: surplusRows }))
  const drawn =
    points.length > 1
      ? `<figure>${plot(points, 'Surplus rows')}</figure>`
      : '<p class="quiet">One scan so far; a line needs two.</p>'
  const lines = history
    .slice(-TABLE_ROWS)
    .reverse()
    .map(
      ({ at, findings, surplusRows }) =>
        `<tr><th scope="row">${moment(at)}</th><td class="n">${number(surplusRows)}</td><td class="n">${number(findings)}</td></tr>`,
    )
  const caption =
    history.length > TABLE_ROWS
      ? `The last ${TABLE_ROWS} of ${number(history.length)} scans`
      : plural(history.length, 'scan')
  return `<section aria-labelledby="history"><h2 id="history">Surplus rows over time</h2>${drawn}<details><summary>As a table</summary><table><caption>${caption}</caption><thead><tr><th scope="col">Scan</th><th class="n" scope="col">Surplus rows</th><th class="n" scope="col">Findings</th></tr></thead><tbody>${lines.join('')}</tbody></table></details></section>`
}

function keySets(rows: readonly Row[], report: Report, options: OutputOptions): string {
  const head = '<section id="sets" aria-labelledby="sets-title"><h2 id="sets-title">Key sets by verdict</h2>'
  if (rows.length === 0) return `${head}<p class="none">No key set was scanned.</p></section>`
  const compared = rows.some(({ findings }) => findings.some(({ status }) => status !== undefined))
  const words = [
    'unsafe',
    'conditional',
    'unknown',
    'safe',
    'error',
    'warning',
    'note',
    ...(compared ? ['new', 'worse', 'known'] : []),
  ]
  const choices = ['<option value="">all</option>', ...words.map((word) => `<option value="${word}">${word}</option>`)]
  const tools =
    rows.length < 2
      ? ''
      : `<div class="tools" role="search" hidden><label class="grow">Search names, rules and states<input id="search" type="search" autocomplete="off" spellcheck="false"></label><label>Show<select id="kind">${choices.join('')}</select></label><p id="found" class="quiet" role="status"></p></div>`
  return `${head}${tools}${keySetSections(rows, { report, options })}</section>`
}

function ignored(report: Report): string {
  const lines = report.databases.flatMap((database) =>
    database.ignored.map(
      ({ keySet, rule, reason }) =>
        `<tr><th scope="row">${code(keySetLabel(keySet, database, report))}</th><td>${code(rule)}</td><td>${text(reason)}</td></tr>`,
    ),
  )
  if (lines.length === 0) return ''
  return `<section aria-labelledby="ignored"><h2 id="ignored">Ignored by the configuration</h2><div class="scroll" tabindex="0" role="group" aria-label="Ignored findings"><table><caption>${plural(lines.length, 'finding')}</caption><thead><tr><th scope="col">Key set</th><th scope="col">Rule</th><th scope="col">Reason</th></tr></thead><tbody>${lines.join('\n')}</tbody></table></div></section>`
}

/** What is said once for a database, and what was not analysed though the scan is complete. */
function notes(report: Report): string {
  const lines = report.databases.flatMap((database) => {
    const prefix = report.several ? `${database.database.name}: ` : ''
    return [...(database.complete ? gaps(database) : []), ...database.notes].map(
      (note) => `<li>${text(prefix)}${text(note)}</li>`,
    )
  })
  return lines.length === 0
    ? ''
    : `<section aria-labelledby="notes"><h2 id="notes">Notes</h2><ul class="plain">${lines.join('\n')}</ul></section>`
}
