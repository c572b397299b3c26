export { appendRun, type ReadHistory, readHistory } from './file.js'
export { plotted, trends } from './trends.js'
