/** The commands as data: what each is given, and a line about it. Parsing and help are made from it. */
export const COMMANDS = {
  run: { arguments: [], about: 'check, back up, drill and report (this is npm start)' },
  check: { arguments: [], about: 'compare ledgers and schemas' },
  fleet: { arguments: [], about: 'compare every database of the fleet with the migrations' },
  compare: {
    arguments: ['A', 'B'],
    about: 'what must change in B to be as A; each a database URL or a migrations folder',
  },
  backup: { arguments: ['ENV'], about: 'write an archive of the environment and read it back' },
  verify: {
    arguments: ['ARCHIVE'],
    about: 'read an archive back and decode it: an id, where it lies (s3://…), or a .dump or .dump.zst file',
  },
  drill: { arguments: ['ENV'], about: 'restore the newest archive into a scratch database and compare' },
  restore: {
    arguments: ['ARCHIVE'],
    about:
      'restore an archive, or part of it, into the empty database of --to: an id, where it lies (s3://…), or a file',
  },
  archives: { arguments: ['ENV'], about: 'list the archives of the environment' },
  prune: { arguments: ['ENV'], about: 'remove old archives, as archives.keep of the configuration says' },
  status: { arguments: [], about: 'what is open, from the store alone: no database is asked' },
  migrate: { arguments: ['ENV'], about: 'apply the committed migrations to the environment' },
  publish: { arguments: [], about: 'put the migrations folder into the store, for the deployed jobs to go by' },
  grants: {
    arguments: ['ENV'],
    about: 'print the SQL that makes the roles which Raingauge logs in as; it is never run',
  },
  init: { arguments: [], about: 'write a raingauge.config.ts to start from' },
} as const satisfies Record<string, { arguments: readonly string[]; about: string }>

export type CommandName = keyof typeof COMMANDS

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}
