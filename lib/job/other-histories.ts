// What the ledger does not tell of how the migrations were applied.
import type { Migration } from '../ledger/folder.ts'
import { asksWhatIsThere } from '../schema/extensions-to-make.ts'
import { hangsOnDeploy } from '../schema/hangs-on-deploy.ts'
import type { BaselineRequest } from '../schema/read-baseline.ts'
import { rolesOf } from '../schema/roles-of-migrations.ts'

/** Empty: each migration was deployed by itself, on a server with nothing that it makes or asks for. */
export type History = Pick<BaselineRequest, 'deploys' | 'rolesBefore' | 'lent'>

/**
 * The histories that may have been instead, the likeliest first; none where they come to the same. Where migrations leave what later ones
 * of the same deploy find, it matters which were deployed together: rows that one transaction wrote tell it (`deploys`), but a restore
 * writes all of them in one. Where they make roles, those may have been on the server before, and where they ask for an extension, or for
 * what a platform has, it may have been there.
 */
export async function otherHistories(
  applied: readonly Migration[],
  deploys: readonly number[],
  liveRoles: readonly string[],
): Promise<History[]> {
  const histories: History[] = []
  if (await hangsOnDeploy(applied)) histories.push({ deploys })
  if ((await rolesOf(applied)).some((role) => liveRoles.includes(role))) histories.push({ rolesBefore: true })
  if (await asksWhatIsThere(applied)) histories.push({ lent: true })
  return histories
}
