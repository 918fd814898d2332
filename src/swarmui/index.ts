/**
 * Painting: a client of SwarmUI, and the way from a queue of jobs to files that can be trusted overnight.
 * @module
 */
export type { Catalogue, CatalogueParameter } from './catalogue.js'
export {
  type DownloadedImage,
  type GenerateOptions,
  type RecoverOptions,
  type ServerStatus,
  type SwarmCallOptions,
  SwarmUIClient,
} from './client.js'
export type { SwarmUIClientOptions } from './client-options.js'
export { generateImages } from './generate-images.js'
export type {
  GeneratedImage,
  GenerateRequest,
  Generation,
  GenerationProgress,
  ParameterValue,
  SubmitTicket,
} from './generation.js'
export type { ImageInfo } from './image-bytes.js'
export { type DirectorySink, type DirectorySinkOptions, directorySink } from './node-directory.js'
export {
  type PaintEvent,
  type PaintReport,
  type PaintSessionOptions,
  paintSession,
  type SessionSource,
  type StoredSession,
} from './paint-session.js'
export type { ImageProgress, RunningImage } from './progress.js'
export type { GenerateImagesOptions, ImageEvent, ImageResult, SavedImage } from './run.js'
export { savedImages } from './saved-images.js'
export { type ImageSink, type Manifest, type MemorySink, memorySink } from './sink.js'
export type { WebSocketClass, WebSocketEventLike, WebSocketLike } from './socket.js'
