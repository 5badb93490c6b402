import { publishFolder, type Published } from '../../lib/ledger/published/publish-folder.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { makeBaselines } from '../../lib/job/make-baselines.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, tellingNobody, type Request } from './request.ts'

/** Puts the migrations folder into the store, for the deployed jobs to go by. No database is asked, unless baselines are wanted. */
export async function publishMigrations(request: Request): Promise<number> {
  const { terminal, options, signal } = request
  const config = await demandConfig(request)
  await using unpacked = new UnpackedFolders()
  return await withJobContext(tellingNobody(config), terminalEdge(terminal, signal), async (context) => {
    const { store, project, folder: path, now } = context
    const { older, baselines } = options
    const { outcome, publication } = await publishFolder({ store, project, path, now, unpacked, older, signal })
    // What is published counts, whatever becomes of these.
    if (baselines) await makeBaselines(context)
    terminal.result(
      options.json
        ? JSON.stringify({ project, outcome, publication }, undefined, 2)
        : words(project, outcome, publication),
    )
    return 0
  })
}

function words(project: string, outcome: Published['outcome'], { id, tag }: Published['publication']): string {
  const what = `${project}: ${id}, ${tag === null ? 'without a migration' : `up to ${tag}`}`
  switch (outcome) {
    case 'published':
      return `published ${what}`
    case 'same':
      return `published already: ${what}`
    case 'older':
      return `not published: ${what}, is published and has these migrations and more (to go back to these, add --older)`
    default:
      return outcome satisfies never
  }
}
