const modes = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY']

/** Other drivers' words for the mode: `sslmode`, `tls` (Go), `ssl` (mysql2, asyncmy), `sslaccept` (Prisma). */
const words: Readonly<Record<string, string>> = {
  disable: 'DISABLED',
  false: 'DISABLED',
  '0': 'DISABLED',
  off: 'DISABLED',
  allow: 'PREFERRED',
  prefer: 'PREFERRED',
  accept_invalid_certs: 'PREFERRED',
  require: 'REQUIRED',
  trust: 'REQUIRED',
  'skip-verify': 'REQUIRED',
  true: 'REQUIRED',
  '1': 'REQUIRED',
  on: 'REQUIRED',
  '': 'REQUIRED',
  'verify-ca': 'VERIFY_CA',
  'verify-full': 'VERIFY_IDENTITY',
  strict: 'VERIFY_IDENTITY',
}

/** Parameters that say something of the mode, as `fold` gives them. */
export const tlsParameters = [
  'ssl-mode',
  'sslmode',
  'skip-ssl',
  'disable-ssl',
  'ssl-disabled',
  'ssl-verify-server-cert',
  'ssl-verify-identity',
  'ssl-verify-cert',
  'verifyservercertificate',
  'sslaccept',
  'tls',
  'ssl',
  'usessl',
  'requiressl',
]

/**
 * The clients' mode for what a URL or an option file says of TLS; undefined where it says nothing. A word that isn't known
 * is given back as it is, for the driver to refuse.
 */
export function tlsModeOf(params: ReadonlyMap<string, string>): string | undefined {
  const first = (...names: string[]) => names.map((name) => params.get(name)).find((value) => value !== undefined)
  const isOn = (...names: string[]) => {
    const value = first(...names)
    return value !== undefined && !/^(0|false|off|no)$/i.test(value)
  }
  const written = first('ssl-mode', 'sslmode', 'sslaccept')
  if (written !== undefined) return modeOf(written)
  if (isOn('skip-ssl', 'disable-ssl', 'ssl-disabled')) return 'DISABLED'
  if (isOn('ssl-verify-server-cert', 'ssl-verify-identity')) return 'VERIFY_IDENTITY'
  if (isOn('verifyservercertificate', 'ssl-verify-cert')) return 'VERIFY_CA'
  const tls = params.get('tls')
  // Go checks the server's name and certificate, unless told to skip it.
  if (tls !== undefined) return tls === 'true' ? 'VERIFY_IDENTITY' : modeOf(tls)
  const ssl = first('ssl', 'usessl', 'requiressl')
  return ssl === undefined ? undefined : modeOfSsl(ssl)
}

/** mysql2 takes its options as JSON: `ssl={"rejectUnauthorized":true}`. */
function modeOfSsl(text: string): string {
  if (!text.startsWith('{')) return modeOf(text)
  return /"rejectUnauthorized"\s*:\s*false/.test(text) ? 'REQUIRED' : 'VERIFY_IDENTITY'
}

function modeOf(word: string): string {
  const upper = word.toUpperCase()
  return modes.includes(upper) ? upper : (words[word.toLowerCase()] ?? word)
}
