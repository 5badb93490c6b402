// What a role has more and less than it should: privileges by what they are on, things it owns, settings.
import type { CatalogObject, Fact } from '../catalog.ts'
import { parseAccessFact } from './access-facts.ts'

export type Held = { fact: string; privileges: string[] }

export type AccessDelta = {
  /** May, and should not. */
  more: Held[]
  /** May not, and should. */
  less: Held[]
  /** Keys of what it owns and should not, and the other way round. */
  owns: string[]
  lost: string[]
  settings: { expected: string[]; actual: string[] } | undefined
}

type Role = Pick<CatalogObject, 'attributes'> | undefined

/** Undefined: the role has nothing there. */
export function accessDelta(expected: Role, actual: Role): AccessDelta {
  const delta: AccessDelta = { more: [], less: [], owns: [], lost: [], settings: undefined }
  const [should, is] = [expected?.attributes ?? {}, actual?.attributes ?? {}]
  for (const fact of [...new Set([...Object.keys(should), ...Object.keys(is)])].toSorted()) {
    const about = parseAccessFact(fact)
    const [wanted, found] = [listOf(should[fact]), listOf(is[fact])]
    if (same(should[fact], is[fact])) continue
    switch (about.kind) {
      case 'owns':
        if (fact in is) delta.owns.push(about.key)
        else delta.lost.push(about.key)
        break
      case 'settings':
        delta.settings = { expected: wanted, actual: found }
        break
      case 'grants':
      case 'future': {
        const more = held(found, wanted)
        const less = held(wanted, found)
        if (more.length > 0) delta.more.push({ fact, privileges: more })
        if (less.length > 0) delta.less.push({ fact, privileges: less })
        break
      }
      default:
        about satisfies never
    }
  }
  return delta
}

/** Those that the first may and the second may not; `no SELECT` takes away what everybody has. */
function held(first: readonly string[], second: readonly string[]): string[] {
  const granted = first.filter(
    (each) => !each.startsWith('no ') && !second.includes(each) && !second.includes(`${each} WITH GRANT OPTION`),
  )
  const notTaken = second.filter((each) => each.startsWith('no ') && !first.includes(each))
  return [...granted, ...notTaken.map((each) => each.slice('no '.length))]
}

function listOf(fact: Fact | undefined): string[] {
  return Array.isArray(fact) ? fact : []
}

function same(a: Fact | undefined, b: Fact | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
