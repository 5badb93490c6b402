// What `raingauge help` prints.
import { COMMANDS, type CommandName } from './command-table.ts'
import { OPTIONS, type Option } from './option-table.ts'

/** All commands and options; of one command, those that it knows. */
export function helpPage(command: CommandName | null): string {
  return command === null ? wholePage() : pageOf(command)
}

const EXIT_STATUS =
  'exit status: 0 clean, 1 findings, 2 something could not be checked or done, 64 wrong usage, 78 bad configuration'

function wholePage(): string {
  const commands = Object.entries(COMMANDS).map(
    ([name, { arguments: words, about }]) => `  ${[name, ...words].join(' ').padEnd(16)} ${about}`,
  )
  const options = Object.entries<Option>(OPTIONS).map(([name, option]) =>
    line(name, option, option.of === undefined ? '' : `${option.of.join(', ')}: `),
  )
  return `usage: raingauge COMMAND [options]

${commands.join('\n')}

options
${options.join('\n')}

Without a configuration, DATABASE_URL_STAGING and DATABASE_URL_PROD name the databases; without these,
run and check show themselves on an embedded pair of servers with planted faults.

${EXIT_STATUS}`
}

function pageOf(command: CommandName): string {
  const { arguments: words, about } = COMMANDS[command]
  const all = Object.entries<Option>(OPTIONS)
  const own = all.filter(([, { of: commands }]) => commands?.includes(command))
  const everywhere = all.filter(([, { of: commands }]) => commands === undefined)
  const lines = [...own, ...everywhere].map(([name, option]) => line(name, option, ''))
  return `usage: raingauge ${[command, ...words, '[options]'].join(' ')}

${about}

options
${lines.join('\n')}

${EXIT_STATUS}`
}

function line(name: string, { word, about }: Option, belongs: string): string {
  return `  ${[`--${name}`, ...(word === undefined ? [] : [word])].join(' ').padEnd(17)} ${belongs}${about}`
}
