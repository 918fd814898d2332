/**
 * `storyart prune`: removes what expired sessions have left behind.
 * @module
 */
import type { Command } from 'commander'
import type { SessionAdapter } from 'storyart-sdk'
import type { Act } from '../act.js'
import { counted } from '../print/in-words.js'
import type { CommonOptions } from '../tool.js'

interface PruneOptions extends CommonOptions {
  dryRun?: boolean
}

const PAGE = 1000

export function addPrune(program: Command, act: Act): void {
  program
    .command('prune')
    .description('remove what expired sessions have left behind, and never a live one')
    .option('--dry-run', 'count what would be removed; this looks through the index, and writes nothing')
    .addHelpText(
      'after',
      '\nA list passes over expired entries and removes none; only prune does. A server prunes by itself:\nthrough https:// there is nothing to remove.',
    )
    .action(
      act<PruneOptions, []>(async (tool, { dryRun = false, store }) => {
        const removed = dryRun ? await expiredIn(tool.adapter(store), tool.signal, tool.open) : await prune()
        await tool.print.value(dryRun ? { dryRun, wouldRemove: removed } : { dryRun, removed }, () => `${removed}`)
        tool.talk(
          `${counted(removed, 'entry', 'entries')} of expired sessions ${dryRun ? 'would be removed' : 'removed'}`,
        )
        return undefined

        async function prune(): Promise<number> {
          return (await tool.store().prune({ signal: tool.signal })).removed
        }
      }),
    )
}

/** How many entries lead to no session any more. A listing reads no document for that, and changes nothing. */
async function expiredIn(
  adapter: SessionAdapter,
  signal: AbortSignal,
  open: (adapter: SessionAdapter) => unknown,
): Promise<number> {
  open(adapter)
  if (!adapter.prune) return 0
  const expired = new Set<number>()
  for (let from: number | undefined; ; ) {
    const page = await adapter.list({ limit: PAGE, order: 'oldest', details: false, from }, { signal })
    for (const id of page.expired ?? []) expired.add(id)
    if (page.next === undefined) return expired.size
    from = page.next
  }
}
