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

process.exitCode = await run(process.argv.slice(2), nodeHost(controller.signal))
process.off('SIGINT', onInterrupt)
process.off('SIGTERM', onTerminate)
