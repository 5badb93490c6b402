import type { Context } from 'aws-lambda'
import { RaingaugeError } from '../lib/error.ts'
import { withJobContext } from '../lib/job/open-context.ts'
import { emfLines } from '../lib/report/emf.ts'
import type { Run } from '../lib/run.ts'
import { fleetStep } from './fleet-step.ts'
import { functionLog } from './function-log.ts'
import { deadline, lambdaEdge, readJobConfig } from './lambda-edge.ts'
import { logFailure } from './log-failure.ts'
import { parseFleetEvent } from './parse-fleet-event.ts'

/** Beside the bundle lies what it works with. */
const ASSET = import.meta.dirname

/** One step of a sweep. Throws, without a secret in it, what kept it from being done. */
export const handler = async (event: unknown, lambda: Context): Promise<Record<string, unknown>> => {
  const log = functionLog(process.stdout, lambda.awsRequestId, 'fleet')
  using signal = deadline(lambda)
  try {
    const config = readJobConfig(process.env, ASSET)
    const { fleet } = config
    if (fleet == null) throw new RaingaugeError('config.invalid', 'the configuration has no fleet')
    const prefix = config.store.kind === 's3' ? config.store.prefix : ''
    const edge = lambdaEdge(ASSET, signal, log)
    return await withJobContext(config, edge, async (context) => {
      const onTold = (run: Run): void => log.metrics(emfLines(run, context.now(), 'function'))
      const answer = await fleetStep(parseFleetEvent(event), { fleet, context, edge, prefix, onTold })
      log.write('INFO', 'done', answer)
      return answer
    })
  } catch (error) {
    throw logFailure(error, log)
  }
}
