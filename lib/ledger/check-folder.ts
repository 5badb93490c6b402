// What is wrong with a folder of migrations by itself, without any database.
import { finding, type Finding } from '../finding.ts'
import { snapshotPath, sqlPath, type Folder, type FolderEntry } from './folder.ts'
import { isoTime } from './iso-time.ts'

/** Faults of the folder that Drizzle passes over in silence. Kinds `folder.*`, without `folder.kit`. */
export function checkFolder(folder: Folder): Finding[] {
  return [
    ...missingFiles(folder),
    ...orphans(folder),
    ...missingSnapshots(folder),
    ...outOfOrder(folder),
    ...duplicates(folder),
  ]
}

function missingFiles({ layout, entries, files }: Folder): Finding[] {
  return entries
    .filter(({ tag }) => !files.includes(sqlPath(layout, tag)))
    .map(({ tag }) =>
      finding(null, 'folder.missing-file', {
        subject: migration(tag),
        summary:
          layout === 'journal'
            ? `the journal names ${tag}, but there is no ${sqlPath(layout, tag)}: Drizzle will refuse the whole folder`
            : `${tag} holds no migration.sql: Drizzle passes it over`,
      }),
    )
}

function orphans({ layout, entries, files }: Folder): Finding[] {
  const named = new Set(entries.map(({ tag }) => sqlPath(layout, tag)))
  return files
    .filter((file) => !named.has(file))
    .map((file) =>
      finding(null, 'folder.orphan', {
        subject: migration(file.replace(/\.sql$/, '')),
        summary:
          layout === 'journal'
            ? `${file} is not in the journal: Drizzle will never run it`
            : `${file} is in no folder of its own: Drizzle will never run it`,
      }),
    )
}

/** Only the last one matters to drizzle-kit: it makes the next migration from it. Handwritten ones often have none. */
function missingSnapshots({ layout, entries, snapshots }: Folder): Finding[] {
  const last = entries.at(-1)?.tag
  return entries
    .filter(({ tag }) => !snapshots.includes(snapshotPath(layout, tag)))
    .map(({ tag }) =>
      finding(null, 'folder.missing-snapshot', {
        subject: migration(tag),
        severity: tag === last ? 'warning' : 'info',
        summary:
          tag === last
            ? `${tag}, the newest, has no ${snapshotPath(layout, tag)}: drizzle-kit will generate the next migration from an older state`
            : `${tag} has no ${snapshotPath(layout, tag)}`,
      }),
    )
}

/** Drizzle 0.x runs what is later than the newest that it recorded, whatever its place in the journal (`dialect.js`, `migrate`). */
function outOfOrder({ layout, entries }: Folder): Finding[] {
  if (layout === 'folders') return []
  const findings: Finding[] = []
  let latest: FolderEntry | undefined
  for (const entry of entries) {
    if (latest !== undefined && entry.when < latest.when) {
      findings.push(
        finding(null, 'folder.order', {
          subject: migration(entry.tag),
          summary: `${entry.tag} comes after ${latest.tag} but has an earlier time: Drizzle skips it where ${latest.tag} is applied already`,
          expected: `when later than ${latest.when} (${isoTime(latest.when)})`,
          actual: `when ${entry.when} (${isoTime(entry.when)})`,
        }),
      )
    } else {
      latest = entry
    }
  }
  return findings
}

function duplicates({ layout, entries, migrations }: Folder): Finding[] {
  const findings: Finding[] = []
  const seen = { tag: new Set<string>(), when: new Map<number, string>(), hash: new Map<string, string>() }
  const report = (tag: string, summary: string, severity: Finding['severity']) =>
    findings.push(finding(null, 'folder.duplicate', { subject: migration(tag), summary, severity }))
  const hashes = new Map(migrations.map(({ tag, hash }) => [tag, hash]))
  for (const { tag, when } of entries) {
    const hash = hashes.get(tag) ?? ''
    const sameWhen = layout === 'journal' ? seen.when.get(when) : undefined
    const sameHash = hash === '' ? undefined : seen.hash.get(hash)
    if (seen.tag.has(tag)) {
      report(tag, `the journal names ${tag} twice: Drizzle will run it twice`, 'critical')
    } else if (sameWhen !== undefined) {
      report(
        tag,
        `${tag} has the time of ${sameWhen}: Drizzle skips it where ${sameWhen} is applied already`,
        'critical',
      )
    } else if (sameHash !== undefined) {
      // Two placeholders with the same text are common, and do no harm.
      report(tag, `${tag} has the same text as ${sameHash}`, 'info')
    }
    seen.tag.add(tag)
    if (!seen.when.has(when)) seen.when.set(when, tag)
    if (!seen.hash.has(hash)) seen.hash.set(hash, tag)
  }
  return findings
}

function migration(name: string): Finding['subject'] {
  return { class: 'migration', name }
}
