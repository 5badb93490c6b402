// How much a right too many or too few matters. Environments differ in their roles: only what opens a door to everybody is more than info.
import type { Severity } from '../../finding.ts'
import type { CatalogObject } from '../catalog.ts'
import { accessDelta, type Held } from './access-delta.ts'
import { PUBLIC } from './access-facts.ts'

const RANK: readonly Severity[] = ['info', 'warning', 'critical']

/** What lets everybody change what is there, or plant something in a schema that others search. */
const WRITING = new Set(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'CREATE', 'REFERENCES'])

/** The worst that the difference between the two states of a role does; undefined: it has nothing there. */
export function accessSeverity(expected: CatalogObject | undefined, actual: CatalogObject | undefined): Severity {
  const { more, less } = accessDelta(expected, actual)
  const everybody = (actual ?? expected)?.path[0] === PUBLIC
  const severities = [
    ...more.map((held) => (everybody ? ofEverybody(held) : ofOne(held, expected))),
    ...less.map(({ fact, privileges }) => (isLight(fact, privileges) ? 'info' : 'warning')),
  ]
  return RANK[Math.max(0, ...severities.map((each) => RANK.indexOf(each)))] ?? 'info'
}

function ofEverybody({ fact, privileges }: Held): Severity {
  if (isLight(fact, privileges)) return 'info'
  return privileges.some((each) => WRITING.has(each.replace(' WITH GRANT OPTION', ''))) ? 'critical' : 'warning'
}

/** A role that was meant to see some columns only, and now sees more. */
function ofOne({ fact, privileges }: Held, expected: CatalogObject | undefined): Severity {
  const table =
    /^column (?<table>.+)\.(?:"(?:[^"]|"")*"|[^".]+)$/.exec(fact)?.groups?.['table'] ??
    /^(?:table|view) (?<table>.+)$/.exec(fact)?.groups?.['table']
  if (table === undefined || isLight(fact, privileges)) return 'info'
  const kept = Object.keys(expected?.attributes ?? {}).some((other) => other.startsWith(`column ${table}.`))
  return kept ? 'warning' : 'info'
}

/**
 * Light: what the schema public gives differs with the major that the database was made on; CONNECT and the like are no part of a schema;
 * MAINTAIN moves no data.
 */
function isLight(fact: string, privileges: readonly string[]): boolean {
  return (
    fact === 'schema public' || fact.startsWith('database ') || privileges.every((each) => each.startsWith('MAINTAIN'))
  )
}
