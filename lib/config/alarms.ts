import type { FunctionJob } from './function-variables.ts'

/** A CloudWatch alarm of the stack. Its name is the name of its runbook, so that whoever is woken finds the page. */
export type Alarm = {
  name: string
  job: FunctionJob
  /** `failing`: the job ran and threw. `silent`: the job did not run at all when it should have. */
  condition: 'failing' | 'silent'
  /** One line for the alarm's description. */
  title: string
  /** Path of the runbook in the repository. */
  runbook: string
}

/** The alarms that watch the watchman: every job has one for failing and one for silence. */
export const ALARMS = [
  {
    name: 'RaingaugeCheckFailing',
    job: 'check',
    condition: 'failing',
    title: 'The check ran and could not give an answer',
    runbook: 'docs/runbooks/RaingaugeCheckFailing.md',
  },
  {
    name: 'RaingaugeCheckSilent',
    job: 'check',
    condition: 'silent',
    title: 'The check does not run any more',
    runbook: 'docs/runbooks/RaingaugeCheckSilent.md',
  },
  {
    name: 'RaingaugeBackupFailing',
    job: 'backup',
    condition: 'failing',
    title: 'The backup ran and left no archive',
    runbook: 'docs/runbooks/RaingaugeBackupFailing.md',
  },
  {
    name: 'RaingaugeBackupSilent',
    job: 'backup',
    condition: 'silent',
    title: 'The backup does not run any more',
    runbook: 'docs/runbooks/RaingaugeBackupSilent.md',
  },
  {
    name: 'RaingaugeDrillFailing',
    job: 'drill',
    condition: 'failing',
    title: 'The drill ran and could not prove the newest archive',
    runbook: 'docs/runbooks/RaingaugeDrillFailing.md',
  },
  {
    name: 'RaingaugeDrillSilent',
    job: 'drill',
    condition: 'silent',
    title: 'The drill does not run any more',
    runbook: 'docs/runbooks/RaingaugeDrillSilent.md',
  },
  {
    name: 'RaingaugePruneFailing',
    job: 'prune',
    condition: 'failing',
    title: 'The prune ran and could not remove what should go',
    runbook: 'docs/runbooks/RaingaugePruneFailing.md',
  },
  {
    name: 'RaingaugePruneSilent',
    job: 'prune',
    condition: 'silent',
    title: 'The prune does not run any more',
    runbook: 'docs/runbooks/RaingaugePruneSilent.md',
  },
] as const satisfies readonly Alarm[]
