/** How the rest of a statement is scanned, by its first word. */
export const PLAIN = 0
/** All names differ with every use. */
export const MASKS_ALL = 1
/** The first name does. */
export const MASKS_ONE = 2
/** Values of settings are part of the shape where they say how transactions work. */
export const SETS = 3
/** A dollar-quoted text is code. */
export const HOLDS_CODE = 4

const MODES: ReadonlyMap<string, number> = new Map([
  ...['savepoint', 'release', 'rollback', 'close', 'fetch', 'move', 'deallocate', 'listen', 'unlisten', 'notify'].map(
    (verb) => [verb, MASKS_ALL] as const,
  ),
  ['declare', MASKS_ONE],
  ['set', SETS],
  ['create', HOLDS_CODE],
  ['do', HOLDS_CODE],
])

export const modeOf = (verb: string): number => MODES.get(verb) ?? PLAIN

const NEVER_MASKED = new Set('savepoint to work transaction and no chain prepared release'.split(' '))

export const isMasked = (word: string): boolean => !NEVER_MASKED.has(word)

const SETTING = /^['"]?(?:[01]|read[- ](?:un)?committed|repeatable[- ]read|serializable)['"]?$/i

/** Whether a literal of a SET says how transactions work: autocommit's 0 and 1, the isolation levels. */
export const isSetting = (literal: string): boolean => literal.length < 20 && SETTING.test(literal)
