/**
 * The default way to wait.
 * @module
 */
export { waitMs } from '../wait.js'
