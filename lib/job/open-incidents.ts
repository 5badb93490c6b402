import type { Incident } from '../incident/state.ts'
import { readState } from '../incident/read-state.ts'
import type { Store } from '../store/store.ts'
import { FOLDER_STATE } from './tell.ts'

/** What is open, of the folder and of these environments, as the last runs left it. Throws what the store throws. */
export async function readOpenIncidents(store: Store, project: string, environments: string[]): Promise<Incident[]> {
  const states = await Promise.all([FOLDER_STATE, ...environments].map((name) => readState(store, project, name)))
  return states.flatMap(({ state }) => Object.values(state?.incidents ?? {}))
}
