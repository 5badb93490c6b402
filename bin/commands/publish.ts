import { publishFolder, type Published } from '../../lib/ledger/published/publish-folder.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, type Request } from './request.ts'

/** Puts the migrations folder into the store, for the deployed jobs to go by. No database is asked. */
export async function publishMigrations(request: Request): Promise<number> {
  const { terminal, options, signal } = request
  const config = await demandConfig(request)
  await using unpacked = new UnpackedFolders()
  // Opens no secret: a pipeline that publishes needs none.
  const alone = { ...config, environments: [], slackWebhook: null }
  return await withJobContext(alone, terminalEdge(terminal, signal), async ({ store, project, folder: path, now }) => {
    const { older } = options
    const { outcome, publication } = await publishFolder({ store, project, path, now, unpacked, older, signal })
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
