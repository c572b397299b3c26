export { connect } from '../dialects/index.js'
