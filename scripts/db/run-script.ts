// How a script ends: one line for what went wrong (of a fault of ours, where it came from), and a status that a shell or a CI job acts on, as the command line's.
import { describeError, hasCode, RaingaugeError } from '../../lib/error.ts'
import { redactor } from '../../lib/secret.ts'

/** Runs a script's work, which returns its exit status; an error becomes 64 (usage), 78 (configuration) or 2. */
export async function runScript(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    const isFault = !(error instanceof RaingaugeError) && error instanceof Error
    process.stderr.write(`${redactor([])(isFault ? (error.stack ?? error.message) : describeError(error))}\n`)
    process.exitCode = hasCode(error, 'usage') ? 64 : hasCode(error, 'config.invalid') ? 78 : 2
  }
}
