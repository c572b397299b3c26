import type { Told } from './postgres-statements.js'

/** First line of a plan: costs, actual figures, or both. */
const planStart = /^.*\S {2}\((?:cost=|actual )/m
const parameterLine = /^Query Parameters: /m

/** What auto_explain wrote after `plan:`, as text or JSON; undefined: in another form. */
export function explainedStatement(plan: string): Told | undefined {
  const body = plan.trimStart()
  if (body.startsWith('{')) return fromJson(body)
  return body.startsWith('Query Text: ') ? fromText(body.slice(12)) : undefined
}

function fromText(body: string): Told | undefined {
  const start = planStart.exec(body)
  if (!start) return undefined
  const head = body.slice(0, start.index)
  const listed = parameterLine.exec(head)
  const text = head.slice(0, listed?.index).trimEnd()
  const parameters = listed ? head.slice(listed.index + 18).trimEnd() : null
  return { text, parameters, rows: rowsOf(body.slice(start.index)) }
}

const actualRows = /\(actual (?:time=\S+ )?rows=(\d+)[.\d]* loops=\d+\)/g

/** Of the node at the top; a node that writes tells the rows that it returns, not those that it got. */
function rowsOf(plan: string): number {
  const nodes = plan.matchAll(actualRows)
  const top = Number(nodes.next().value?.[1])
  if (!/^\s*Insert on /.test(plan) || top > 0) return top
  const inserted = /^\s*Tuples Inserted: (\d+)/m.exec(plan)
  return inserted ? Number(inserted[1]) : Number(nodes.next().value?.[1])
}

interface PlanNode {
  readonly 'Actual Rows'?: number
  readonly Operation?: string
  readonly 'Tuples Inserted'?: number
  readonly Plans?: readonly PlanNode[]
}

function fromJson(body: string): Told | undefined {
  try {
    const read = JSON.parse(body) as { 'Query Text'?: unknown; 'Query Parameters'?: unknown; Plan?: PlanNode }
    const text = read['Query Text']
    if (typeof text !== 'string') return undefined
    const parameters = read['Query Parameters']
    return { text, parameters: typeof parameters === 'string' ? parameters : null, rows: rowsOfNode(read.Plan) }
  } catch {
    return undefined
  }
}

function rowsOfNode(node: PlanNode | undefined): number {
  const own = node?.['Actual Rows'] ?? Number.NaN
  if (node?.Operation !== 'Insert' || own > 0) return own
  return node['Tuples Inserted'] ?? node.Plans?.[0]?.['Actual Rows'] ?? Number.NaN
}
