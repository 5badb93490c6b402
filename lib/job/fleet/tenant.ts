// One database of a fleet, as a row of the list says.
import { z } from 'zod'

/** `fault`: why the row cannot be used; it is told as a database that could not be looked at. */
export type Tenant = {
  /** Free text, for people: unique in the list. */
  name: string
  database: string
  /** Which server it is on: databases of one server share its limit. */
  server: string
  /** A way in of its own. */
  url?: string | undefined
  secret?: string | undefined
  fault?: string
}

/** Longer names are nobody's name. */
const LONGEST_NAME = 200

const text = z.string().min(1).max(2_000)

const row = z.object({
  name: z.string().min(1).max(LONGEST_NAME),
  database: text.nullish(),
  server: text.nullish(),
  url: text.nullish(),
  secret: text.nullish(),
})

/**
 * The databases that these rows name, in the order of the list. A row that says nothing usable is one, too: it must not hide the others,
 * nor be overlooked.
 */
export function parseTenants(rows: readonly unknown[]): Tenant[] {
  const seen = new Set<string>()
  return rows.map((each, index) => {
    const place = `row ${index + 1} of the list`
    const parsed = row.safeParse(each)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return faulty(place, `${place}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`)
    }
    const { name, database, server, url, secret } = parsed.data
    if (seen.has(name)) return faulty(`${name} (${place})`, `${place} has a name that another row has, too`)
    seen.add(name)
    return {
      name,
      database: database ?? name,
      server: server ?? serverOf(url),
      url: url ?? undefined,
      secret: secret ?? undefined,
    }
  })
}

/** The rows of a text: one JSON object a line. Blank lines are none; a line that is no JSON is a row that cannot be used. */
export function parseLines(lines: string, parse: (line: string) => unknown): unknown[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parse)
}

function faulty(name: string, fault: string): Tenant {
  return { name, database: '', server: '', fault }
}

/** Those that do not say where they are may all be on one server, and share its limit. */
function serverOf(url: string | null | undefined): string {
  if (url == null || !URL.canParse(url)) return ''
  const { host, searchParams } = new URL(url)
  return searchParams.get('host') ?? host
}
