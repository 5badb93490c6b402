// Baselines ahead of time: where the pipeline reaches the databases, no check has to replay what it is about to apply.
import { readFolder } from '../ledger/read-folder.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { withSnapshot } from '../postgres/client.ts'
import { readBaseline } from '../schema/read-baseline.ts'
import { readLive } from '../schema/read-live.ts'
import type { JobContext } from './context.ts'
import { wantedBaseline } from './wanted-baseline.ts'

/**
 * Replays the folder on a scratch server as each environment's check will once all of it is applied there, and keeps what came of it in the store.
 * Where a migration makes a role or an extension, that check will want another one, and make it. Throws `folder.*`, `postgres.*`, `ledger.*`, `scratch.*`, `store.*`.
 */
export async function makeBaselines(context: JobContext): Promise<void> {
  const { migrations } = await readFolder(context.folder)
  for (const { name, target } of context.environments) {
    const during = 'reading the catalog'
    context.progress(`${name}: ${during}`)
    const wanted = await withSnapshot(
      await target(),
      during,
      async (client) => {
        const ledger = await readLedger(client, context.ledger)
        return wantedBaseline(migrations, ledger.name, await readLive(client, ledger.name), context)
      },
      { signal: context.signal },
    )
    context.progress(`${name}: replaying ${migrations.length} migrations on a scratch Postgres ${wanted.major}`)
    await readBaseline(context, wanted)
  }
}
