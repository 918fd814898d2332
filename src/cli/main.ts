#!/usr/bin/env node
/**
 * The program `storyart`.
 * @module
 */
import process from 'node:process'
import { CliError } from './cli-error.js'
import { EXIT } from './exit-codes.js'
import { nodeHost } from './host.js'
import { run } from './run.js'

const controller = new AbortController()
const stopWith = (exitCode: 130 | 141 | 143, message: string) => () => controller.abort(new CliError(exitCode, message))
const onInterrupt = stopWith(EXIT.interrupted, 'interrupted')
const onTerminate = stopWith(EXIT.terminated, 'terminated')
process.once('SIGINT', onInterrupt)
process.once('SIGTERM', onTerminate)
// `storyart list | head -1` closes the pipe: nothing that is written after that can be read.
process.stdout.on('error', stopWith(EXIT.closedPipe, ''))
process.stderr.on('error', () => {})

const exitCode = await run(process.argv.slice(2), nodeHost(controller.signal))
// A timer of a client that is closed already must not keep the terminal waiting; what is written has to get out first.
await Promise.all([process.stdout, process.stderr].map(written))
process.exit(exitCode)

/** Resolves when all that was written has left this process, or can never do so. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}
