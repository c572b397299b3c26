const PAIR = /([A-Za-z_][\w.-]*)\s*(?:='((?:[^'\\]|\\.)*)'|=([^,\s*]+)|:([^,*]+))/g

/** What a comment names by these keys, best first. */
const SINGLE = ['route', 'endpoint', 'job', 'controller', 'action', 'application', 'app', 'ddps'] as const

/** Ids of traces and requests: long hexadecimal, or W3C's. */
const TRACE = /^[0-9a-f-]{16,}$|^\d{6,}$/i

/** What an application says of itself in a comment: a controller and action, a route, a job, a tag; or ''. */
export function endpointOf(comment: string): string {
  const text = comment.slice(0, 2000)
  const inside = text.startsWith('/*')
    ? text.replace(/^\/\*+|\*+\/$/g, '').trim()
    : text.replace(/^(?:--|#)/, '').trim()
  if (inside === '' || /^[!+]/.test(inside)) return ''
  const pairs = pairsOf(inside)
  const controller = pairs.get('namespaced_controller') ?? pairs.get('controller')
  const action = pairs.get('action')
  if (controller && action) return `${controller}#${action}`
  for (const key of SINGLE) {
    const value = pairs.get(key)
    if (value) return value
  }
  return pairs.size > 0 || inside.includes('traceparent') ? '' : tagOf(inside, text.startsWith('/*'))
}

function pairsOf(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const [, key = '', quoted, plain, colon] of text.matchAll(PAIR)) {
    const value = decoded((quoted ?? plain ?? colon ?? '').trim())
    if (value !== '' && value.length <= 200 && !TRACE.test(value)) pairs.set(key.toLowerCase(), value)
  }
  return pairs
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A whole line that a person wrote, or the first word of a block that looks like code's place. */
function tagOf(text: string, block: boolean): string {
  const tag = block ? (text.split(/\s/, 1)[0] ?? '') : text
  const wordy = /^[A-Za-z][\w .:\\/()<>#-]{1,99}$/.test(tag) && !/\d{4,}|[0-9a-f]{16}/i.test(tag)
  return wordy && (!block || /::|[/#.\\]/.test(tag)) ? tag : ''
}
