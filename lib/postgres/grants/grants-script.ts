import type { RoleGrants } from './role-grants.ts'

const ABOUT: Readonly<Record<RoleGrants['role'], string>> = {
  watch: 'for checks: reads catalogs and the ledger, and no row of any other table',
  dump: 'for backups, and checks beside them: reads every row',
}

/** The grants as one script for psql, for whoever administers the database; `title` says of what, and must not hold a secret. */
export function grantsScript(roles: readonly RoleGrants[], title: string): string {
  const parts = roles.map(({ role, name, statements, notes }) =>
    [`-- ${name}, ${ABOUT[role]}`, ...statements.map((statement) => `${statement};`), ...notes.map(comment)].join('\n'),
  )
  return [comment(`${title}. Run it as the owner of the database; it may be run again.`), ...parts].join('\n\n')
}

/** Whoever names a schema may put a line feed into the name, and a statement behind it. */
function comment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n]+/g, ' ')}`
}
