import { scanJson } from '../json.js'
import type { Report } from '../report.js'
import type { TextOptions } from '../terminal.js'
import { scanText } from '../text.js'
import { jsonText, type OutputOptions } from './common.js'
import { githubAnnotations } from './github.js'
import { gitlab } from './gitlab.js'
import { html } from './html.js'
import { junit } from './junit.js'
import { markdown } from './markdown.js'
import { sarif } from './sarif.js'

export type { OutputOptions } from './common.js'
export { githubSummary } from './github.js'

type Renderer = (report: Report, options: OutputOptions & { readonly text: TextOptions }) => string

/** Every kind of `--output`. Each gets the report as it was masked, and nothing else that was read. */
export const outputs = {
  text: (report, { text }) => scanText(report, text),
  json: (report) => jsonText(scanJson(report)),
  sarif,
  junit,
  github: githubAnnotations,
  gitlab,
  markdown,
  html,
} as const satisfies Readonly<Record<string, Renderer>>

export type OutputKind = keyof typeof outputs
