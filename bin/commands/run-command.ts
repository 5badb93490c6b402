import type { CommandLine } from '../command-line.ts'
import { listEnvironmentArchives } from './archives.ts'
import { compareTwo } from './compare.ts'
import { writeConfig } from './init.ts'
import { migrateEnvironment } from './migrate.ts'
import { pruneEnvironment } from './prune.ts'
import type { World } from './request.ts'
import { restoreInto } from './restore.ts'
import { runJob } from './run-job.ts'
import { showStatus } from './status.ts'
import { verifyOne } from './verify.ts'

/** Carries out a command and returns its exit status. */
export async function runCommand(line: Extract<CommandLine, { options: unknown }>, world: World): Promise<number> {
  const request = { ...world, arguments: line.arguments, options: line.options }
  switch (line.command) {
    case 'run':
    case 'check':
    case 'backup':
    case 'drill':
      return await runJob(line.command, request)
    case 'compare':
      return await compareTwo(request)
    case 'verify':
      return await verifyOne(request)
    case 'restore':
      return await restoreInto(request)
    case 'archives':
      return await listEnvironmentArchives(request)
    case 'prune':
      return await pruneEnvironment(request)
    case 'status':
      return await showStatus(request)
    case 'migrate':
      return await migrateEnvironment(request)
    case 'init':
      return await writeConfig(request)
    default:
      return line.command satisfies never
  }
}
