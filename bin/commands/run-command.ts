import type { CommandLine } from '../command-line.ts'
import type { World } from './request.ts'

/** Carries out a command and returns its exit status. Each loads only what it needs: all of them together take half a second to load. */
export async function runCommand(line: Extract<CommandLine, { options: unknown }>, world: World): Promise<number> {
  const request = { ...world, arguments: line.arguments, options: line.options }
  switch (line.command) {
    case 'run':
    case 'check':
    case 'backup':
    case 'drill':
      return await (await import('./run-job.ts')).runJob(line.command, request)
    case 'fleet':
      return await (await import('./fleet.ts')).sweepFleet(request)
    case 'compare':
      return await (await import('./compare.ts')).compareTwo(request)
    case 'verify':
      return await (await import('./verify.ts')).verifyOne(request)
    case 'restore':
      return await (await import('./restore.ts')).restoreInto(request)
    case 'archives':
      return await (await import('./archives.ts')).listEnvironmentArchives(request)
    case 'prune':
      return await (await import('./prune.ts')).pruneEnvironment(request)
    case 'status':
      return await (await import('./status.ts')).showStatus(request)
    case 'migrate':
      return await (await import('./migrate.ts')).migrateEnvironment(request)
    case 'publish':
      return await (await import('./publish.ts')).publishMigrations(request)
    case 'grants':
      return await (await import('./grants.ts')).printGrants(request)
    case 'init':
      return await (await import('./init.ts')).writeConfig(request)
    default:
      return line.command satisfies never
  }
}
