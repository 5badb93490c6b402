// An index's definition part by part, so that only the part that differs is told.

export type IndexFacts = {
  /** An index has its name in a schema: the same one may be of another table. */
  table: string
  indexMethod: string
  /** Each as the server writes it: with its operator class, collation and order. */
  columns: string[]
  include: string[] | false
  nullsNotDistinct: boolean
  options: string[] | false
  predicate: string | false
}

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s".(]+)`
const HEAD = new RegExp(
  String.raw`^CREATE (?:UNIQUE )?INDEX ${NAME} ON (?:ONLY )?(${NAME}(?:\.${NAME})?) USING (${NAME}) \(`,
)

/** The parts of what pg_get_indexdef writes (ruleutils.c); the whole `definition` where that is written otherwise. */
export function indexFacts(definition: string): IndexFacts | { definition: string } {
  const head = HEAD.exec(definition)
  if (head === null) return { definition }
  const columns = listFrom(definition.slice(head[0].length))
  if (columns === null) return { definition }
  let { rest } = columns
  const optional = (before: string): string[] | false | null => {
    if (!rest.startsWith(before)) return false
    const found = listFrom(rest.slice(before.length))
    rest = found?.rest ?? rest
    return found === null ? null : found.items
  }
  const include = optional(' INCLUDE (')
  const nullsNotDistinct = rest.startsWith(DISTINCT)
  if (nullsNotDistinct) rest = rest.slice(DISTINCT.length)
  const given = optional(' WITH (')
  const predicate = rest.startsWith(WHERE) && rest.slice(WHERE.length)
  // Nothing of it may get lost.
  if (include === null || given === null || (rest !== '' && predicate === false)) return { definition }
  const options = given && given.map(unquoted)
  const [, table = '', indexMethod = ''] = head
  return { table, indexMethod, columns: columns.items, include, nullsNotDistinct, options, predicate }
}

const DISTINCT = ' NULLS NOT DISTINCT'
const WHERE = ' WHERE '

/** As pg_class keeps it, which is how the facts of tables and constraints have it: `fillfactor=70`. */
function unquoted(option: string): string {
  return option.replace(/^(\w+)='(.*)'$/s, (_, name: string, value: string) => `${name}=${value.replaceAll("''", "'")}`)
}

/** What stands between commas up to the parenthesis that closes the list, and what follows it. */
function listFrom(text: string): { items: string[]; rest: string } | null {
  const items: string[] = []
  let [depth, start] = [0, 0]
  // Strings and quoted names whole.
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),[\]]/g)) {
    if (token === '(' || token === '[') depth++
    else if (token === ')' && depth === 0)
      return { items: [...items, text.slice(start, index)], rest: text.slice(index + 1) }
    else if (token === ')' || token === ']') depth--
    else if (token === ',' && depth === 0) {
      items.push(text.slice(start, index))
      start = index + ', '.length
    }
  }
  return null
}
