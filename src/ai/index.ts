/**
 * Prompts written by any language model of the Vercel AI SDK, held to the session.
 * @module
 */
export type { AiPromptGeneratorOptions, GenerationProgress } from './ai-prompt-generator.js'
export { aiPromptGenerator } from './ai-prompt-generator.js'
