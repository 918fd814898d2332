/**
 * `storyart delete`: removes sessions.
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander'
import type { Act } from '../act.js'
import { EXIT } from '../exit-codes.js'
import { counted } from '../print/in-words.js'
import type { CommonOptions } from '../tool.js'

interface DeleteOptions extends CommonOptions {
  dryRun?: boolean
}

export function addDelete(program: Command, act: Act): void {
  program
    .command('delete')
    .description('remove sessions for good')
    // What is gone is gone: no name that means another session tomorrow.
    .argument('<timestamps...>', 'exactly these versions', timestamps)
    .option('--dry-run', 'say which of them are there, and remove none')
    .action(
      act<DeleteOptions, [number[]]>(async (tool, { dryRun = false, store }, versions) => {
        const { signal } = tool
        const adapter = dryRun ? tool.adapter(store) : null
        if (adapter) tool.open(adapter)
        const remove = async (timestamp: number): Promise<boolean> =>
          adapter ? (await adapter.get(timestamp, { signal })) !== null : tool.store().delete(timestamp, { signal })
        let found = 0
        const columns = [
          { head: 'session', cell: ({ timestamp }: Row) => timestamp },
          { head: '', cell: ({ outcome }: Row) => outcome },
        ]
        await tool.print.rows(rows(), columns, 'nothing')
        tool.talk(`${found} of ${counted(versions.length, 'session')} ${dryRun ? 'would be removed' : 'removed'}`)
        if (found === versions.length) return undefined
        return found === 0 ? EXIT.missing : EXIT.partial

        async function* rows(): AsyncGenerator<Row> {
          for (const timestamp of versions) {
            const wasThere = await remove(timestamp)
            if (wasThere) found++
            yield { timestamp, outcome: wasThere ? (dryRun ? 'there' : 'removed') : 'missing' }
          }
        }
      }),
    )
}

interface Row {
  timestamp: number
  outcome: 'removed' | 'there' | 'missing'
}

function timestamps(text: string, before: readonly number[] | undefined): number[] {
  if (!/^\d{5,16}$/.test(text)) {
    throw new InvalidArgumentError(
      'It must be a timestamp, such as 1770370006877, and nothing that has to be looked up.',
    )
  }
  return [...new Set([...(before ?? []), Number(text)])]
}
