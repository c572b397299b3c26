/** One thing that `doctor` looked at. */
export interface Check {
  /** Stable kebab-case word. */
  readonly id: string
  /** The command that needs it. */
  readonly for: 'scan' | 'discover' | 'fix'
  /** `missing`: the command can't do its work. `advice`: it can, but better with it. */
  readonly state: 'ok' | 'advice' | 'missing'
  /** What was found; a sentence. */
  readonly what: string
  /** What to do: sentences, and lines of SQL or settings that start with two blanks. Empty where all is well. */
  readonly todo: readonly string[]
}
