// What each part of the stack may touch, in Markdown, made of the tables that the policies are made of.
import { FUNCTION_JOBS } from '../lib/config/function-variables.ts'
import { FLEET_ACCESS, MACHINE_ACCESS } from '../lib/infra/fleet-access.ts'
import { BUCKET_ACCESS, JOB_PLANS, STORE_ACCESS, type ObjectAccess } from '../lib/infra/job-plan.ts'
import { PUBLISH_BUCKET_ACCESS, publishAccess } from '../lib/infra/publish-access.ts'

/** Two tables: what a job is given, and what each role may do in the bucket, action by action with its reason. */
export function accessTables(): string {
  return [
    table(['job', 'memory, time, disk', 'reads secrets of', 'why so much'], jobs()),
    table(['role', 'may', 'on', 'because'], access()),
  ].join('\n\n')
}

function jobs(): string[][] {
  return FUNCTION_JOBS.map((job) => {
    const { memoryMb, timeoutMinutes, storageMb, opensDatabases, opensArchives, usesScratch, reason } = JOB_PLANS[job]
    const secrets = [
      ...(opensDatabases ? ['databases'] : []),
      ...(usesScratch ? ['`scratch`'] : []),
      ...(opensArchives ? ['the key of encrypted archives'] : []),
      'Slack',
    ]
    return [job, `${memoryMb} MB, ${timeoutMinutes} min, ${storageMb} MB`, secrets.join(', '), reason]
  })
}

function access(): string[][] {
  return [
    ...FUNCTION_JOBS.flatMap((job) => [onBucket(job, BUCKET_ACCESS[job]), ...onObjects(job, STORE_ACCESS[job])]),
    ...onObjects('fleet', FLEET_ACCESS),
    ...onObjects('fleet, state machine', MACHINE_ACCESS),
    onBucket('publish', PUBLISH_BUCKET_ACCESS),
    ...onObjects('publish', publishAccess('<project>')),
  ]
}

function onBucket(role: string, actions: readonly string[]): string[] {
  return [role, code(actions), 'the bucket', 'sees what is there']
}

function onObjects(role: string, all: readonly ObjectAccess[]): string[][] {
  return all.map(({ actions, keys, reason }) => [role, code(actions), code(keys), reason])
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

/** Columns padded, as the formatter leaves them. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`
  return [
    line(head, ' '),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row, ' ')),
  ].join('\n')
}
