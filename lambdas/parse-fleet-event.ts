import { z } from 'zod'
import { RaingaugeError } from '../lib/error.ts'

const input = z.object({
  /** When the schedule wanted it; whoever starts the state machine by hand need not say. */
  slot: z.iso.datetime().optional(),
  run: z.string().optional(),
  error: z.object({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
})

const event = z.discriminatedUnion('step', [
  z.object({ step: z.literal('list'), input, execution: z.string().min(1), startedAt: z.iso.datetime() }),
  z.object({ step: z.literal('look'), run: z.string(), batch: z.int().min(0), from: z.int().min(0) }),
  z.object({ step: z.literal('tell'), input: input.extend({ run: z.string() }) }),
])

/** What the state machine asks of the function: see lib/infra/fleet-definition.ts. */
export type FleetEvent = z.infer<typeof event>

/** Throws `usage` for anything that the state machine does not send. */
export function parseFleetEvent(given: unknown): FleetEvent {
  const parsed = event.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new RaingaugeError('usage', `the event: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    remedy: 'start the state machine of the fleet, which knows what to send',
  })
}
