import type { Config } from '../../lib/config/config.ts'
import { ConfigError } from '../../lib/config/config-error.ts'
import type { Fleet } from '../../lib/config/fleet-config.ts'
import { secretsOfFleet } from '../../lib/config/fleet-document.ts'
import { runFleet } from '../../lib/job/fleet/run-fleet.ts'
import { withJobContext } from '../../lib/job/open-context.ts'
import { exitStatus } from '../../lib/run.ts'
import { terminalEdge } from '../edge.ts'
import { demandConfig, type Request } from './request.ts'
import { showRun } from './show-run.ts'

/** Looks at every database of the fleet, tells what is new, and returns the exit status. */
export async function sweepFleet(request: Request): Promise<number> {
  const config = await demandConfig(request)
  const fleet = demandFleet(config)
  for (const { secret } of secretsOfFleet(fleet)) {
    if (secret.kind === 'value') request.terminal.conceal(secret.value.reveal())
  }
  const edge = terminalEdge(request.terminal, request.signal)
  return await withJobContext(config, edge, async (context) => {
    const { held, told } = await runFleet({ fleet, context, edge })
    if (held !== null) {
      request.terminal.say(`raingauge: ${held.by} has been sweeping the fleet since ${held.claimedAt}`)
      return 0
    }
    showRun(told, context, request)
    return exitStatus(told.run)
  })
}

function demandFleet({ fleet }: Config): Fleet {
  if (fleet !== null) return fleet
  throw new ConfigError([
    { place: 'fleet', problem: 'is not configured', remedy: 'write fleet: { databases: … } into raingauge.config.ts' },
  ])
}
