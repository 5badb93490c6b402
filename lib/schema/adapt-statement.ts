// Statements that name what the scratch server calls otherwise, or has already.

const NAME = '("(?:[^"]|"")+"|[A-Za-z_][\\w$]*)'
const ANY_DATABASE = new RegExp(String.raw`\b((?:ALTER|ON|IN)\s+DATABASE\s+)${NAME}`, 'gi')
/** Where a statement begins: what stands in strings and bodies is somebody's text, and stays as it is. */
const ABOUT_DATABASE = new RegExp(
  String.raw`((?:^|;)(?:\s|--[^\n]*\n)*(?:ALTER\s+DATABASE|COMMENT\s+ON\s+DATABASE|(?:GRANT|REVOKE)\b[^;'$]*?\sON\s+DATABASE|ALTER\s+(?:ROLE|USER)\b[^;'$]*?\sIN\s+DATABASE)\s+)${NAME}`,
  'gi',
)
const ROUTINE = /\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b/i

/** A migration means the database that it runs in, whatever that is called there. */
export function aboutThisDatabase(statement: string, quotedName: string): string {
  if (ROUTINE.test(statement)) return statement
  return statement.replaceAll(ABOUT_DATABASE, (_, before: string) => before + quotedName)
}

/** The same for what is put together in a `DO` block: only for what the server refused for the name. */
export function anywhereAboutThisDatabase(statement: string, quotedName: string): string {
  return statement.replaceAll(ANY_DATABASE, (_, before: string) => before + quotedName)
}

const CREATE_ROLE = new RegExp(String.raw`\bCREATE\s+(ROLE|USER|GROUP)\s+(?!MAPPING\b)${NAME}`, 'gi')

/** The roles that the text makes, wherever in it. */
export function rolesMade(statement: string): string[] {
  return [...statement.matchAll(CREATE_ROLE)].map(([, , name = '']) => roleName(name))
}

/** Alters the roles that are there instead of making them, which comes to the same. */
export function withRolesThatExist(statement: string, there: ReadonlySet<string>): string {
  return statement.replaceAll(CREATE_ROLE, (whole, kind: string, name: string) =>
    there.has(roleName(name)) ? `ALTER ${kind} ${name}` : whole,
  )
}

function roleName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}
