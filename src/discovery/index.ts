export { Discoverer, type DiscovererOptions } from './discoverer.js'
export { mergeProfiles } from './merge.js'
export { emptyProfile } from './profile.js'
