export { Shapes } from './shapes.js'
