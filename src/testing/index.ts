/**
 * The conformance cases every session adapter is held to, as plain data: no test runner, no dependency.
 * @module
 */

export { conformanceCases } from './cases.js'
export type { ConformanceCase, ConformanceHarness } from './harness.js'
export { type ConformanceOptions, type ConformancePlan, type ConformanceSkip, runConformance } from './run.js'
