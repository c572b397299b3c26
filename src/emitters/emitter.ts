import type { EmittedFile, Script } from '../model/script.js'

export interface EmitContext {
  /** Where the program was started; absolute. */
  readonly workingDirectory: string
  /** `--out` as it was given; null: the format's own directory. */
  readonly out: string | null
}

export interface Emission {
  /** Absolute; the paths of the files are relative to it. */
  readonly directory: string
  readonly files: readonly EmittedFile[]
  /** What is left for a person to do; lines that start with two blanks are code. */
  readonly notes: readonly string[]
}

/** Packs a script in the form of a framework. It reads what is there, and writes nothing: the same script gives the same bytes. */
export interface Emitter {
  /** As `--format` takes it. */
  readonly name: string
  /** Where it looks without `--out`, relative to the working directory. */
  readonly directory: string
  emit(script: Script, context: EmitContext): Promise<Emission>
}
