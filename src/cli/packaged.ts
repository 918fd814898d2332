/**
 * Documents that come with the package.
 * @module
 */
import { CliError } from './cli-error.js'
import { EXIT } from './exit-codes.js'
import type { Host } from './host.js'

/** A JSON document of the package, such as `openapi.json`; they are made by the build and tested there. */
export async function packagedJson(host: Host, name: string): Promise<object> {
  const value: unknown = JSON.parse(await host.readPackaged(name))
  if (typeof value === 'object' && value !== null) return value
  throw new CliError(EXIT.failed, `${name} of this package is broken: install it again`)
}
