// Access control lists, as the catalogs keep them.

/** Letters of aclitem (manual, 5.8, table 5.1). */
const PRIVILEGES: Record<string, string> = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  m: 'MAINTAIN',
  X: 'EXECUTE',
  U: 'USAGE',
  C: 'CREATE',
  c: 'CONNECT',
  T: 'TEMPORARY',
}

const GRANT_OPTION = ' WITH GRANT OPTION'

export type Grants = ReadonlyMap<string, readonly string[]>

/** What each role may do, by `grantee=letters/grantor` (acl.c, aclitemout). PUBLIC is the empty name. Grants by several grantors are one. */
export function parseAcl(items: readonly string[]): Grants {
  const grants = new Map<string, Set<string>>()
  for (const item of items) {
    const parts = /^(?<grantee>(?:"(?:[^"]|"")*"|[^="])*)=(?<letters>[A-Za-z*]*)\//.exec(item)?.groups
    if (parts === undefined) throw new TypeError(`not an aclitem: ${item}`)
    const { grantee = '', letters = '' } = parts
    const name = grantee.startsWith('"') ? grantee.slice(1, -1).replaceAll('""', '"') : grantee
    const privileges = grants.get(name) ?? new Set()
    for (const [, letter = '', option] of letters.matchAll(/([A-Za-z])(\*?)/g)) {
      privileges.add((PRIVILEGES[letter] ?? letter) + (option === '*' ? GRANT_OPTION : ''))
    }
    grants.set(name, privileges)
  }
  return new Map([...grants].map(([name, privileges]) => [name, [...privileges].toSorted()]))
}

/** What each role may do beyond the default, and `no PRIVILEGE` for what it may not, though by default it could. */
export function beyondDefault(acl: Grants, usual: Grants): Grants {
  const beyond = new Map<string, string[]>()
  for (const name of new Set([...acl.keys(), ...usual.keys()])) {
    const [has, had] = [acl.get(name) ?? [], usual.get(name) ?? []]
    const lost = had.filter((privilege) => !has.includes(privilege) && !has.includes(privilege + GRANT_OPTION))
    const facts = [
      ...has.filter((privilege) => !had.includes(privilege)),
      ...lost.map((privilege) => `no ${privilege}`),
    ]
    if (facts.length > 0) beyond.set(name, facts.toSorted())
  }
  return beyond
}
