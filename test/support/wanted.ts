/** `GOC_AUDIT_TEST_SERVERS=17,pglite`: only these, by major version, source or product. */
const only = (process.env.GOC_AUDIT_TEST_SERVERS ?? '').split(',').filter(Boolean)

export const wanted = (...words: readonly (string | number)[]): boolean =>
  only.length === 0 || words.some((word) => only.includes(String(word)))

/** URLs of servers that somebody else runs. */
export const urlsOf = (variable: string): string[] => (process.env[variable] ?? '').split(/[\s,]+/).filter(Boolean)
