// What scratch leaves its name on, so that nothing else is ever swept.
import { randomBytes } from 'node:crypto'

/** The comment of each role that a replay makes: where the server outlives the run, only roles with it are dropped again. */
export const ROLE_MARK = 'made by raingauge for a scratch database, and dropped with it'

const NAME = /^scratch_(?<seconds>\d{10})_[0-9a-f]{12}$/

/** A new name for a scratch database, which says when it was made. */
export function scratchName(now: Date): string {
  return `scratch_${Math.floor(now.getTime() / 1_000)}_${randomBytes(6).toString('hex')}`
}

/** How long ago the database of that name was made, in ms; null: scratch did not make it. */
export function ageOfScratch(name: string, now: Date): number | null {
  const seconds = NAME.exec(name)?.groups?.['seconds']
  return seconds === undefined ? null : now.getTime() - Number(seconds) * 1_000
}
