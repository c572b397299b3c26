export { readSnapshot, type Snapshot, writeSnapshot } from './file.js'
