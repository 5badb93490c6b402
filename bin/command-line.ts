// What was written after `raingauge`, understood.
import { parseArgs } from 'node:util'
import { messageOf } from '../lib/error.ts'
import { count } from '../lib/words.ts'
import { checkOptions, misuse } from './check-options.ts'
import { COMMANDS, isCommand, type CommandName } from './command-table.ts'
import { OPTIONS } from './option-table.ts'

type Values = ReturnType<typeof parse>['values']

export type Options = Omit<Values, 'help' | 'version'>

export type CommandLine =
  | { command: CommandName; arguments: string[]; options: Options }
  /** `of`: the command that is asked about; null: all. */
  | { command: 'help'; of: CommandName | null }
  | { command: 'version' }

/** Parses what was written. Throws `usage` for anything that is not understood. */
export function parseCommandLine(words: string[]): CommandLine {
  const { values, positionals } = parse(words)
  const { help, version, ...options } = values
  if (version) return { command: 'version' }
  const [first, ...given] = positionals
  const [name, asksForHelp] = first === 'help' ? [given[0], true] : [first, help]
  if (name === undefined) return { command: 'help', of: null }
  if (!isCommand(name)) throw misuse(`there is no command ${JSON.stringify(name)}`)
  if (asksForHelp) return { command: 'help', of: name }
  const wanted = COMMANDS[name].arguments
  if (given.length !== wanted.length) {
    // What was given may be a URL with a password in it: it is not repeated.
    const takes = wanted.length === 0 ? 'no argument' : wanted.join(' and ')
    throw misuse(`${name} takes ${takes}, and was given ${count(given.length, 'argument')}`)
  }
  checkOptions(name, options)
  return { command: name, arguments: given, options }
}

function parse(words: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true, strict: true })
  } catch (cause) {
    throw misuse(messageOf(cause), cause)
  }
}
