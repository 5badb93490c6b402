// The state machine by itself: what it does when a step fails, with a function that answers as it is told.
import { expect, test } from 'vitest'
import { fleetDefinition } from '../../lib/infra/fleet-definition.ts'
import { executeMachine, StateError, type Services } from '../support/state-machine.ts'

type Payload = { step: 'list' | 'look' | 'tell'; batch?: number; from?: number; input?: Record<string, unknown> }

function world(answer: (payload: Payload) => unknown, items: unknown = [0, 1, 2].map(item)) {
  const asked: Payload[] = []
  const written: string[] = []
  const services: Services = {
    invoke: (_name, payload) => {
      asked.push(payload as Payload)
      return Promise.resolve().then(() => answer(payload as Payload))
    },
    getObject: () => (items === null ? Promise.reject(new Error('NoSuchKey')) : Promise.resolve(JSON.stringify(items))),
    putObject: (_bucket, key) => Promise.resolve(void written.push(key)),
  }
  return { asked, written, run: () => executeMachine(fleetDefinition(2), {}, services) }
}

function item(batch: number) {
  return { step: 'look', run: '20261122T090000Z', batch, from: 0 }
}

function usual(payload: Payload): unknown {
  switch (payload.step) {
    case 'list':
      return { held: false, run: '20261122T090000Z', key: 'sweeps/app/20261122T090000Z/items.json' }
    case 'look':
      return { ...payload, run: '20261122T090000Z', from: 100, done: true }
    case 'tell':
      return { databases: 3 }
    default:
      return payload.step satisfies never
  }
}

const steps = (asked: Payload[]): string[] => asked.map(({ step, batch }) => `${step}${batch ?? ''}`)

test('a batch goes on until it is through, and never more than so many at once', async () => {
  const { asked, run } = world((payload) =>
    payload.step === 'look' && payload.from === 0 ? { ...(usual(payload) as object), done: false } : usual(payload),
  )
  const { mostChildren, output } = await run()
  expect(steps(asked).toSorted()).toEqual(['list', 'look0', 'look0', 'look1', 'look1', 'look2', 'look2', 'tell'])
  expect(mostChildren).toBe(2)
  expect(output).toEqual({ fleet: { databases: 3 } })
})

test('batches that die are tolerated, all of them even: the last step tells', async () => {
  const { asked, written, run } = world((payload) => {
    if (payload.step === 'look') throw new StateError('Runtime.ExitError', 'signal: killed')
    return usual(payload)
  })
  const { failedChildren, passed } = await run()
  expect(failedChildren).toEqual(['Runtime.ExitError', 'Runtime.ExitError', 'Runtime.ExitError'])
  expect(passed).toEqual(['List', 'Is it ours?', 'Look at all', 'Tell'])
  expect(asked.at(-1)?.input).toMatchObject({ run: '20261122T090000Z' })
  expect(written.some((key) => key.endsWith('/FAILED_0.json'))).toBe(true)
})

test('a map that cannot begin is told, with its error', async () => {
  const { asked, run } = world(usual, null)
  await run()
  expect(steps(asked)).toEqual(['list', 'tell'])
  expect(asked.at(-1)?.input?.['error']).toMatchObject({ Error: 'States.ItemReaderFailed' })
})

test('what Lambda itself refuses is tried again, what the function throws is not', async () => {
  let refusals = 2
  const { asked, run } = world((payload) => {
    if (payload.step === 'list' && refusals-- > 0)
      throw new StateError('Lambda.TooManyRequestsException', 'Rate exceeded')
    return usual(payload)
  })
  await run()
  expect(steps(asked).filter((step) => step === 'list')).toHaveLength(3)
  const failing = world(() => {
    throw new StateError('RaingaugeError', 'the list of the fleet names 0 databases')
  })
  await expect(failing.run()).rejects.toMatchObject({ name: 'RaingaugeError' })
  expect(failing.asked).toHaveLength(1)
})

test('a slot that somebody else has ends well, without a look', async () => {
  const { asked, run } = world(() => ({ held: true, run: '20261122T090000Z', key: '' }))
  expect((await run()).passed).toEqual(['List', 'Is it ours?', 'Left to another'])
  expect(asked).toHaveLength(1)
})

test('what is not interpreted is refused, rather than overlooked', async () => {
  const { Tell: tell, ...states } = fleetDefinition(2).States
  const run = (changed: object) =>
    executeMachine(
      { StartAt: 'Tell', States: { ...states, Tell: { ...tell, ...changed } } },
      {},
      {
        invoke: () => Promise.resolve({}),
        getObject: () => Promise.resolve(''),
        putObject: () => Promise.resolve(),
      },
    )
  await expect(run({ Type: 'Wait' })).rejects.toThrow('Wait is not interpreted')
  await expect(run({ HeartbeatSeconds: 5 })).rejects.toThrow('HeartbeatSeconds is not interpreted')
})
