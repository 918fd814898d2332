/**
 * `storyart schema`: the contracts, for other languages and tools.
 * @module
 */
import type { Command } from 'commander'
import type { Act } from '../act.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { packagedJson } from '../packaged.js'
import { writeOutput } from '../print/write-output.js'

const OPENAPI = 'openapi'

export function addSchema(program: Command, act: Act): void {
  program
    .command('schema')
    .description('print a JSON Schema (2020-12), or the OpenAPI description of the REST API')
    .argument('[name]', `such as session or beat-analysis, or ${OPENAPI}; default: the names there are`)
    .option('-o, --output <file>', 'write to a file, which is replaced whole; - is stdout', '-')
    .action(
      act<{ output: string }, [string | undefined]>(async (tool, { output }, name) => {
        const names = [...(await schemaNames(() => packagedJson(tool.host, '../package.json'))), OPENAPI]
        if (name === undefined) {
          await tool.print.value(names, () => names.join('\n'))
          return undefined
        }
        if (!names.includes(name)) {
          throw new CliError(EXIT.missing, `there is no schema ${name}: see \`storyart schema\` for the names`)
        }
        const document = await packagedJson(tool.host, name === OPENAPI ? 'openapi.json' : `schema/${name}.json`)
        if (output === '-') await tool.print.value(document)
        else await writeOutput(tool, output, `${JSON.stringify(document, null, 2)}\n`)
        return undefined
      }),
    )
}

/** The schemas that the package gives out. */
async function schemaNames(readPackage: () => Promise<object>): Promise<string[]> {
  const manifest = await readPackage()
  const entries = 'exports' in manifest ? Object.keys(manifest.exports ?? {}) : []
  return entries.flatMap((entry) => /^\.\/schema\/(.+)\.json$/.exec(entry)?.[1] ?? [])
}
