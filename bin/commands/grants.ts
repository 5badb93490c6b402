import { USUAL_LEDGERS, type Config, type Environment } from '../../lib/config/config.ts'
import { narrowTo } from '../../lib/config/narrow.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { readTarget } from '../../lib/job/open-context.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { dumpGrants } from '../../lib/postgres/grants/dump-grants.ts'
import { genericGrants } from '../../lib/postgres/grants/generic-grants.ts'
import type { GrantFacts } from '../../lib/postgres/grants/grant-facts.ts'
import { grantsScript } from '../../lib/postgres/grants/grants-script.ts'
import { readGrantFacts } from '../../lib/postgres/grants/read-grant-facts.ts'
import { GRANT_ROLES, type GrantRole, type LogIn, type RoleGrants } from '../../lib/postgres/grants/role-grants.ts'
import { watchGrants } from '../../lib/postgres/grants/watch-grants.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, type Request } from './request.ts'

/** Prints the SQL that makes the roles of an environment, for a person to run. Reads the database, or with `--generic` nothing; writes nowhere. */
export async function printGrants(request: Request): Promise<number> {
  const { terminal, options } = request
  const config = narrowTo(await demandConfig(request), request.arguments[0] ?? '')
  const [environment] = config.environments
  if (environment === undefined) return 0
  const logIn = environment.iam == null ? 'password' : 'rds-iam'
  const ledgers = config.ledger === null ? USUAL_LEDGERS : [config.ledger]
  const roles = rolesOf(options.role)
  const facts = options.generic ? null : await look(environment, config, request)
  const grants = roles.map((role) => {
    if (facts === null) return genericGrants(role, ledgers, logIn)
    return grantsFrom(facts, role, logIn, options['by-object'])
  })
  const title = `Roles of Raingauge for ${environment.name}${facts === null ? '' : `, database ${facts.database}`}`
  terminal.result(
    options.json
      ? JSON.stringify({ environment: environment.name, roles: grants }, undefined, 2)
      : grantsScript(grants, title),
  )
  return 0
}

function rolesOf(word: string | undefined): readonly GrantRole[] {
  return GRANT_ROLES.filter((role) => word === undefined || word === 'both' || word === role)
}

function grantsFrom(facts: GrantFacts, role: GrantRole, logIn: LogIn, byObject: boolean): RoleGrants {
  return role === 'watch' ? watchGrants(facts, logIn) : dumpGrants(facts, { logIn, byObject })
}

async function look(
  environment: Environment,
  { ledger }: Pick<Config, 'ledger'>,
  request: Request,
): Promise<GrantFacts> {
  const ledgers = ledger === null ? USUAL_LEDGERS : [ledger]
  try {
    const target = await readTarget(environment, terminalEdge(request.terminal, request.signal))
    return await withSnapshot(
      target,
      'reading what the grants depend on',
      async (client) => await readGrantFacts(client, ledgers),
      { signal: request.signal },
    )
  } catch (error) {
    if (!(error instanceof RaingaugeError)) throw error
    const generic = `with --generic, raingauge grants ${environment.name} prints what fits any database`
    throw new RaingaugeError(error.code, error.message, {
      remedy: error.remedy === undefined ? generic : `${error.remedy}; or: ${generic}`,
      cause: error,
    })
  }
}
