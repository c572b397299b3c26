export type { Environment } from './environment.js'
export { type Config, configNames, type IgnoreEntry, type LoadOptions, loadConfig } from './load.js'
export { nearest } from './problems.js'
export { type NamedTarget, resolveTarget, resolveTargets, type TargetOptions } from './target/target.js'
