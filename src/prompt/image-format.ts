/**
 * The kinds of picture a beat can have.
 * @module
 */

/** The kinds of prompt that are painted, in the order of the queue. Other kinds are kept in the document and reported. */
export const IMAGE_FORMATS = ['cinematic', 'vertical', 'marketingVertical'] as const

/** A kind of picture. */
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

/** Width to height of a picture. */
export type AspectRatio = '16:9' | '9:16'
