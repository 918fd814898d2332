/**
 * `storyart-sdk/file`: sessions as files, for where there is no Redis.
 * @module
 */

export { type FileAdapterOptions, fileAdapter } from './file-adapter.js'
