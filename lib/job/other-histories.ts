// What the ledger does not tell of how the migrations were applied.
import type { Migration } from '../ledger/folder.ts'
import { asksWhatIsThere } from '../schema/extensions-to-make.ts'
import type { Live } from '../schema/read-live.ts'
import { hangsOnDeploy, hangsOnDeployer, hangsOnSettings } from '../schema/hangs-on-deploy.ts'
import type { BaselineRequest } from '../schema/read-baseline.ts'
import { rolesOf } from '../schema/roles-of-migrations.ts'

/** Empty: each migration was deployed by itself, on a server with nothing that it makes or asks for. */
export type History = Pick<
  BaselineRequest,
  'deploys' | 'rolesBefore' | 'lent' | 'deployer' | 'settings' | 'withoutData'
>

/**
 * The histories that may have been instead, the likeliest first; none where they come to the same. Where migrations leave what later ones
 * of the same deploy find, it matters which were deployed together: rows that one transaction wrote tell it (`deploys`), but a restore
 * writes all of them in one. Where they make roles, those may have been on the server before, and where they ask for an extension, or for
 * what a platform has, it may have been there. Where they go on when they may not do something, it matters who ran them, and where they write
 * dates, what a session begins with.
 */
export async function otherHistories(
  applied: readonly Migration[],
  deploys: readonly number[],
  live: Pick<Live, 'roles' | 'deployer' | 'settings'>,
): Promise<History[]> {
  const histories: History[] = []
  if (live.deployer !== null && (await hangsOnDeployer(applied))) histories.push({ deployer: live.deployer })
  if (await hangsOnDeploy(applied)) histories.push({ deploys })
  if ((await rolesOf(applied)).some((role) => live.roles.includes(role))) histories.push({ rolesBefore: true })
  if (await asksWhatIsThere(applied)) histories.push({ lent: true })
  if (!meansOtherDates(live) || !(await hangsOnSettings(applied))) return histories
  return [{}, ...histories].map((history) => ({ ...history, settings: live.settings }))
}

/** A replay begins with ISO, MDY and UTC. */
function meansOtherDates({ settings: { timezone, datestyle } }: Pick<Live, 'settings'>): boolean {
  return !/^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/i.test(timezone) || !/\bMDY\b/i.test(datestyle)
}
