// The options as data: what each takes, which commands know it, and a line about it. Parsing and help are made from it.
import type { CommandName } from './command-table.ts'

export type Option = {
  type: 'string' | 'boolean'
  multiple?: true
  default?: false
  short?: string
  /** What stands for its value in the help. */
  word?: string
  /** The commands that know it. Default: all. */
  of?: readonly CommandName[]
  about: string
}

export const OPTIONS = {
  config: {
    type: 'string',
    word: 'FILE',
    about: 'the configuration; default: raingauge.config.ts (or .mts) here, if there is one',
  },
  migrations: { type: 'string', word: 'DIR', about: 'the migrations folder' },
  env: { type: 'string', multiple: true, word: 'NAME=URL', about: 'an environment; repeat it, in promotion order' },
  ledger: { type: 'string', word: 'S.T', about: 'the ledger, as schema.table' },
  store: { type: 'string', word: 'WHERE', about: 'a folder, or s3://bucket/prefix' },
  to: { type: 'string', word: 'URL', of: ['restore'], about: 'the database to restore into' },
  'schema-only': { type: 'boolean', default: false, of: ['restore'], about: 'definitions without rows' },
  'data-only': {
    type: 'boolean',
    default: false,
    of: ['restore'],
    about: 'rows into tables that are there, and empty',
  },
  table: {
    type: 'string',
    multiple: true,
    word: 'NAME',
    of: ['restore'],
    about: 'this table with its rows, and the definitions that it needs; repeat it',
  },
  schema: {
    type: 'string',
    multiple: true,
    word: 'NAME',
    of: ['restore'],
    about: 'what is in this schema, and the definitions that it needs; repeat it',
  },
  jobs: { type: 'string', word: 'N', of: ['restore'], about: 'connections that work at the same time; default 2' },
  'no-owner': {
    type: 'boolean',
    default: false,
    of: ['restore'],
    about: 'leave out who owns what and who may do what',
  },
  globals: {
    type: 'boolean',
    default: false,
    of: ['restore'],
    about: 'make the roles and settings of globals.sql first; what is there already stays as it is',
  },
  'into-non-empty': {
    type: 'boolean',
    default: false,
    of: ['restore'],
    about: 'also into a database that holds something; nothing is dropped',
  },
  ignore: {
    type: 'string',
    multiple: true,
    word: 'PATTERN',
    of: ['compare'],
    about:
      'leave out what fits [CLASS:]NAME, such as index:app.*; repeat it. For checks, write rules into the configuration',
  },
  only: { type: 'string', multiple: true, word: 'PATTERN', of: ['compare'], about: 'tell only what fits; repeat it' },
  sql: {
    type: 'boolean',
    default: false,
    of: ['compare', 'check'],
    about: 'print the repairs as one SQL script, which is never run',
  },
  'show-ignored': {
    type: 'boolean',
    default: false,
    of: ['run', 'check', 'fleet', 'compare'],
    about: 'tell what rules left out, one by one',
  },
  slot: {
    type: 'string',
    word: 'TIME',
    of: ['backup', 'run'],
    about: 'the time of the schedule; the same slot makes one archive, however often it is run',
  },
  identity: {
    type: 'string',
    word: 'FILE',
    of: ['run', 'drill', 'verify', 'restore'],
    about: 'the age private key that opens encrypted archives, as age-keygen wrote it',
  },
  role: {
    type: 'string',
    word: 'WHICH',
    of: ['grants'],
    about: 'watch (for checks), dump (for backups) or both; default: both',
  },
  generic: { type: 'boolean', default: false, of: ['grants'], about: 'without a look at the database' },
  'by-object': {
    type: 'boolean',
    default: false,
    of: ['grants'],
    about: 'schema by schema, instead of pg_read_all_data',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    of: ['prune'],
    about: 'list what would be kept and removed, and why',
  },
  published: {
    type: 'boolean',
    default: false,
    of: ['check', 'run'],
    about: 'go by the published migrations, not by the folder here',
  },
  older: {
    type: 'boolean',
    default: false,
    of: ['publish'],
    about: 'also where what is published has these migrations and more',
  },
  baselines: {
    type: 'boolean',
    default: false,
    of: ['publish'],
    about: 'also replay them for each database, so that no check has to',
  },
  json: { type: 'boolean', default: false, about: 'one JSON document on stdout, and nothing else' },
  help: { type: 'boolean', short: 'h', default: false, about: 'this page; with a command, what that one knows' },
  version: { type: 'boolean', default: false, about: 'the version' },
} as const satisfies Record<string, Option>
