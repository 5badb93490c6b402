// A task as ECS would run it, but for the image: the command and the environment of the template, an unprivileged account, the role's credentials
// from an endpoint, and the code out of a bucket.
import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { serverAccount } from '../../lib/scratch/server-account.ts'
import type { TaskJob } from '../../lib/config/function-variables.ts'
import { TASK_FOLDER } from '../../lib/infra/task-plan.ts'
import { testFolder } from './directory.ts'
import type { Synthesized } from './synthesized-stack.ts'

export type Ended = {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  log: Record<string, unknown>[]
}

export type StartedTask = { child: ChildProcess; ended: Promise<Ended> }

type Container = { EntryPoint: string[]; Environment: { Name: string; Value: unknown }[] }

/** The command of the container, with `folder` in place of its own, and its variables; what is known only once deployed is left out. */
function containerOf(
  { resources }: Synthesized,
  job: TaskJob,
  folder: string,
): { command: string[]; variables: Record<string, string> } {
  const [container] = resources('AWS::ECS::TaskDefinition')
    .flatMap(({ Properties: each }) => each['ContainerDefinitions'] as (Container & { Name: string })[])
    .filter(({ Name: name }) => name === job)
  if (container === undefined) throw new Error(`the template has no task for ${job}`)
  const known = container.Environment.filter(({ Value: value }) => typeof value === 'string')
  return {
    command: container.EntryPoint.map((word) => (word === TASK_FOLDER ? folder : word)),
    variables: Object.fromEntries(known.map(({ Name: name, Value: value }) => [name, String(value)])),
  }
}

/** The credentials of the task's role, as its agent gives them, and anything else as a root certificate. Ends with the test. */
export async function taskAgent(roots: string): Promise<string> {
  const server = createServer((request, response) => {
    const credentials = {
      AccessKeyId: 'AKIDTASK',
      SecretAccessKey: 'example',
      Token: 'example',
      Expiration: '2099-01-01T00:00:00Z',
    }
    response.end(request.url === '/credentials' ? JSON.stringify(credentials) : roots)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts the container of the job with `variables` over those of the template. Killed with the test where it still runs. */
export function startTask(stack: Synthesized, job: TaskJob, variables: Record<string, string>): StartedTask {
  const room = testFolder()
  const account = unprivilegedAccount()
  chmodSync(room, 0o755)
  if (account !== undefined) chownSync(room, account.uid, account.gid)
  const { command, variables: own } = containerOf(stack, job, join(room, 'raingauge'))
  const [program = '', ...args] = command
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: room, TMPDIR: room, ...own, ...variables }
  const child = spawn(program, args, { ...account, cwd: room, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status, signal) => {
      const lines = printed.stdout.split('\n').filter((line) => line !== '')
      resolve({ status, signal, ...printed, log: lines.map((line) => JSON.parse(line) as Record<string, unknown>) })
    })
  })
  return { child, ended }
}

/** Only root can become somebody else, and only somebody who can reach node. */
function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  accessSync(process.execPath, constants.X_OK)
  return serverAccount()
}
