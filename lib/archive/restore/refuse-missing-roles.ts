// Owners are looked for before anything is made: a restore that stops for want of a role would leave half a database.
import type pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { TocEntry } from '../format/toc-entry.ts'

/** Those of the names ($1) that no role has. */
const MISSING_ROLES = `
SELECT w.name FROM pg_catalog.unnest($1::pg_catalog.text[]) AS w(name)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) w.name::pg_catalog.name)
ORDER BY 1`

/** Throws `archive.restore` where a role that owns one of the entries is not there. */
export async function refuseMissingRoles(
  client: pg.Client,
  target: Target,
  entries: readonly TocEntry[],
): Promise<void> {
  const owners = [...new Set(entries.map(({ owner }) => owner))].filter((owner) => owner !== '')
  const { rows } = await client.query<{ name: string }>(MISSING_ROLES, [owners])
  if (rows.length === 0) return
  const names = rows.map(({ name }) => name).join(', ')
  throw new RaingaugeError(
    'archive.restore',
    `${describeTarget(target)} lacks the ${rows.length === 1 ? 'role' : 'roles'} ${names}, which owned what is in the archive`,
    { remedy: 'make them there first, or restore with --no-owner, which leaves owners and rights out' },
  )
}
