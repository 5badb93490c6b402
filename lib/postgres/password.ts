import type { Secret } from '../secret.ts'
import type { Target } from './target.ts'

/** What to log in with now: a new token where the target makes tokens, else its password. Throws what making the token throws. */
export async function passwordOf(target: Target): Promise<Secret | undefined> {
  return target.makeToken === undefined ? target.password : await target.makeToken()
}
