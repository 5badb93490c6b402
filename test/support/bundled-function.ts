// One invocation of a bundle, and what it left.
import { setTimeout as sleep } from 'node:timers/promises'
import { startSandbox, type Sandbox, type SandboxFunction } from './lambda-sandbox.ts'

export type Invocation = {
  /** undefined: the handler returned. */
  error: { name: string; message: string } | undefined
  /** The lines of JSON that it logged. */
  log: Record<string, unknown>[]
  /** Everything that was printed. */
  output: string
  /** What it left: in its temp folder, and programs that run on. */
  left: string[]
  /** The most memory that the sandbox had until then. */
  peakBytes: number
}

export type Call = { event?: unknown; remainingMs?: number }

/** Calls the handler in a new sandbox, which ends with it: a cold start. */
export async function invoke(target: SandboxFunction, call: Call = {}): Promise<Invocation> {
  const sandbox = await startSandbox(target)
  try {
    return await invokeIn(sandbox, call)
  } finally {
    await sandbox.kill()
  }
}

/** Calls the handler once more, with `remainingMs` to go. */
export async function invokeIn(
  sandbox: Sandbox,
  { event = {}, remainingMs = 300_000 }: Call = {},
): Promise<Invocation> {
  const before = sandbox.output()
  const { error } = await sandbox.invoke(event, remainingMs)
  const { stdout, stderr } = sandbox.output()
  await ended(sandbox)
  const printed = stdout.slice(before.stdout.length)
  const lines = printed.split('\n').filter((line) => line !== '' && !line.startsWith('END '))
  return {
    error,
    log: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    output: printed + stderr.slice(before.stderr.length),
    left: [...sandbox.left(), ...sandbox.programs()],
    peakBytes: sandbox.peakBytes(),
  }
}

/** What guards a server looks ten times a second whether that is gone, and goes then. */
async function ended(sandbox: Sandbox): Promise<void> {
  for (let look = 0; look < 20 && sandbox.programs().length > 0; look += 1) await sleep(50)
}
