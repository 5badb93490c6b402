import type { FindingKind } from '../finding.ts'

/** What to do about a finding, in one line: said where it brings no SQL of its own. */
export const ADVICE: Record<FindingKind, string> = {
  'ledger.behind': 'apply the missing migrations here, or say why this environment waits',
  'ledger.ahead': 'apply them to the environment before it too, or find out who deployed past it',
  'ledger.diverged':
    'find out which branch was deployed where; mend it with a new migration, not by editing the ledger',
  'ledger.edited': 'put the file back as it was applied, and make the change in a new migration',
  'ledger.unknown': 'commit the migration that was applied, or find out which branch it came from',
  'ledger.skipped':
    'generate it again so that it is the newest: Drizzle only runs what is newer than the last one applied',
  'ledger.pending': 'the next deploy will apply it',
  'ledger.unseen': 'see the reason: nobody knows what is right there, and the others were looked at all the same',
  'folder.kit': 'run `npx drizzle-kit check` in the folder and do as it says',
  'folder.orphan': 'delete the file, or generate the migration again so that the journal names it',
  'folder.missing-file': 'restore the file from git history: without it no new database can be built',
  'folder.missing-snapshot': 'restore the snapshot from git history: the next `drizzle-kit generate` needs it',
  'folder.order': 'generate the later migration again, so that the times in the journal rise',
  'folder.duplicate': 'generate one of the two again: two branches made the same place',
  'schema.missing': 'make it by hand as the migrations do, or drop it in a new migration',
  'schema.unexpected': 'put it into a migration, or drop it',
  'schema.changed': 'change it back, or put the change into a migration',
  'schema.renamed': 'name it back, or rename it in a migration',
  'schema.unmodelled': 'look at it by hand: Raingauge does not compare this kind of object',
  'schema.rule-expired': 'renew the rule in the configuration, or take it out',
  'archive.failed': 'mend what the line names and run the backup again: there is no archive of this run',
  'archive.stale': 'see why the backup job did not run or did not succeed',
  'archive.shrunk': 'see which tables lost rows before an older archive is pruned',
  'archive.unverified': 'do not trust this archive: make a new one now and keep the one before',
  'archive.unlocked': 'see that the bucket has Object Lock and that the backup may set a retention',
  'archive.leftover': 'give the backup the rights that the line names: what is left over costs money, and nothing else',
  'archive.drill-overdue': 'run the drill: a backup that was never restored is a hope',
  'archive.backup-outgrows': 'deploy with `compute: fargate` before it is urgent: the same job without the limit',
  'archive.drill-outgrows': 'deploy with `compute: fargate` before it is urgent: the same job without the limits',
  'archive.drill-failed': 'do not trust this archive: see the line for what would not restore, then make a new one',
}
