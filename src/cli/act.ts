/**
 * How the commands are tied to the program.
 * @module
 */
import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.js'
import type { Host } from './host.js'
import { type Action, type CommonOptions, withTool } from './tool.js'

/** Turns an action into what commander calls. */
export type Act = <Options, Arguments extends readonly unknown[]>(
  action: Action<Options, Arguments>,
) => (...given: unknown[]) => Promise<void>

/** Runs a command line of this program with further variables in its environment. */
export type RunLine = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<ExitCode>

/** Makes what ties them; `onExit` is told the exit code if an action returned one. */
export function actOf(host: Host, onExit: (code: ExitCode) => void): Act {
  return <Options, Arguments extends readonly unknown[]>(action: Action<Options, Arguments>) =>
    async (...given) => {
      // Commander gives the arguments, the command's own options, and the command.
      const command = given.at(-1) as Command
      const options = command.optsWithGlobals<Options & CommonOptions>()
      const args = given.slice(0, -2) as unknown as Arguments
      const code = await withTool(host, options, (tool) => action(tool, options, ...args))
      if (code !== undefined) onExit(code)
    }
}
