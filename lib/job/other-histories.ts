// What the ledger does not tell of how the migrations were applied.
import type { Migration } from '../ledger/folder.ts'
import { asksWhatIsThere } from '../schema/extensions-to-make.ts'
import type { Deployer, SessionSettings } from '../schema/fresh-session.ts'
import type { Live } from '../schema/read-live.ts'
import { endsTransaction, hangsOnDeploy, hangsOnDeployer, hangsOnSettings } from '../schema/hangs-on-deploy.ts'
import type { BaselineRequest } from '../schema/read-baseline.ts'
import { rolesOf } from '../schema/roles-of-migrations.ts'
import { schemasOfPath } from '../schema/schemas-of-path.ts'
import { SUPERUSER } from '../scratch/cluster.ts'

/** Empty: each migration was deployed by itself, on a server with nothing that it makes or asks for. */
export type History = Pick<
  BaselineRequest,
  'deploys' | 'rolesBefore' | 'lent' | 'deployer' | 'settings' | 'schemas' | 'withoutData'
>

/**
 * The histories that may have been instead, the likeliest first; none where they come to the same. Where migrations leave what later ones
 * of the same deploy find, it matters which were deployed together: rows that one transaction wrote tell it (`deploys`), but a restore
 * writes all of them in one. Where they make roles, those may have been on the server before, and where they ask for an extension, or for
 * what a platform has, it may have been there. Where they go on when they may not do something, ask who runs them or name that role, it matters
 * who did; and where they write dates, or the server keeps a search_path, what a session begins with.
 */
export async function otherHistories(
  applied: readonly Migration[],
  deploys: readonly number[],
  live: Pick<Live, 'catalog' | 'roles' | 'deployer' | 'settings'>,
): Promise<History[]> {
  const deployers = await deployersOf(applied, live.deployer)
  const together = [
    ...((await hangsOnDeploy(applied)) ? [{ deploys }] : []),
    // What ends the transaction of a deploy leaves the rest of it without one, and each row of the ledger by itself.
    ...((await endsTransaction(applied)) ? [{ deploys: [applied.length] }] : []),
  ]
  const histories: History[] = [
    ...deployers.map((deployer) => ({ deployer })),
    ...together,
    ...deployers.flatMap((deployer) => together.map((each) => ({ ...each, deployer }))),
  ]
  if ((await rolesOf(applied)).some((role) => live.roles.includes(role))) histories.push({ rolesBefore: true })
  if (await asksWhatIsThere(applied)) histories.push({ lent: true })
  const { search_path: path, ...dates } = live.settings
  const schemas = path === undefined ? [] : await schemasOfPath(path, live.deployer.name, live.catalog, applied)
  const withSettings = (settings: SessionSettings, more: History = {}) =>
    [{}, ...histories].map((history) => ({ ...history, settings, ...more }))
  return [
    ...(path === undefined ? [] : withSettings(live.settings, { schemas })),
    // The search_path may be newer than the migrations.
    ...(meansOtherDates(dates) && (await hangsOnSettings(applied)) ? withSettings(dates) : histories),
  ]
}

/** As whom the migrations may have been run, where that matters to them. */
async function deployersOf(applied: readonly Migration[], deployer: Deployer): Promise<Deployer[]> {
  const isOfScratch = deployer.name === SUPERUSER
  // Names that the server keeps for itself cannot be given to another.
  if (isOfScratch && isSuperuser(deployer)) return []
  if (deployer.name.startsWith('pg_') || !(await hangsOnDeployer(applied, deployer.name))) return []
  if (isOfScratch) return [{ ...deployer, name: 'raingauge_deployer' }]
  // Hosts let roles do what only a superuser may elsewhere.
  return isSuperuser(deployer) ? [deployer] : [deployer, { ...deployer, attributes: ['SUPERUSER'], memberOf: [] }]
}

function isSuperuser({ attributes }: Deployer): boolean {
  return attributes.includes('SUPERUSER')
}

/** A replay begins with ISO, MDY and UTC. */
function meansOtherDates({ timezone, datestyle }: SessionSettings): boolean {
  return !/^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/i.test(timezone) || !/\bMDY\b/i.test(datestyle)
}
