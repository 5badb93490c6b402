// The command line: words in, exit status out.
import { ConfigError } from '../lib/config/config-error.ts'
import { describeError, hasCode, RaingaugeError } from '../lib/error.ts'
import { parseCommandLine } from './command-line.ts'
import { runCommand } from './commands/run-command.ts'
import { ownVersion } from './edge.ts'
import { helpPage } from './help-page.ts'
import { openTerminal, type Terminal } from './terminal.ts'

const EXIT = { usage: 64, config: 78, failed: 2, interrupted: { SIGINT: 130, SIGTERM: 143 } } as const

const terminal = openTerminal(process.stdout, process.stderr, process.env)
const abort = new AbortController()
let interruption: keyof typeof EXIT.interrupted | undefined
let interruptedAt = 0
/** One Ctrl-C under npm arrives twice: from the terminal, and handed on by npm. */
const SAME_CTRL_C_MS = 1_000

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Servers of ours end with us however we end, so an impatient second signal leaves nothing behind either.
    if (interruption !== undefined) {
      if (performance.now() - interruptedAt > SAME_CTRL_C_MS) process.exit(EXIT.interrupted[signal])
      return
    }
    interruption = signal
    interruptedAt = performance.now()
    terminal.say('raingauge: stopping and cleaning up')
    abort.abort(new RaingaugeError('cancelled', `stopped by ${signal}`))
  })
}
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await main(process.argv.slice(2))

async function main(words: string[]): Promise<number> {
  try {
    const line = parseCommandLine(words)
    if (!('options' in line)) {
      terminal.result(line.command === 'help' ? helpPage(line.of) : ownVersion())
      return 0
    }
    return await runCommand(line, {
      terminal,
      signal: abort.signal,
      cwd: process.cwd(),
      variables: process.env,
    })
  } catch (error) {
    if (interruption !== undefined) return EXIT.interrupted[interruption]
    return reportFailure(error, terminal)
  }
}

function reportFailure(error: unknown, { say }: Terminal): number {
  if (error instanceof ConfigError) {
    for (const fault of error.faults) say(`raingauge: ${fault.place}: ${fault.problem} (${fault.remedy})`)
    return EXIT.config
  }
  say(`raingauge: ${describeError(error)}`)
  if (!(error instanceof RaingaugeError) && error instanceof Error && error.stack !== undefined) say(error.stack)
  if (hasCode(error, 'usage')) return EXIT.usage
  return hasCode(error, 'config.invalid') ? EXIT.config : EXIT.failed
}
