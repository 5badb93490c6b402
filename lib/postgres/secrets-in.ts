// What must not be printed of the secret of a database. Loads no library: every command line starts here.
import { parseJson } from '../parse-json.ts'

/** The text, and the password in it, encoded and plain, which may turn up alone. For a URL or JSON, and for any other text. */
export function secretsIn(text: string): string[] {
  const password = passwordOfJson(parseJson(text))
  if (password !== undefined) return [text, password]
  if (!URL.canParse(text)) return [text]
  const { password: encoded, searchParams: parameters } = new URL(text)
  const parameter = parameters.get('password') ?? ''
  // A percent sign that encodes nothing is told where the URL is parsed.
  const plain = /%(?![0-9a-f]{2})/i.test(encoded) ? encoded : decodeURIComponent(encoded)
  return [text, encoded, plain, parameter].filter((each) => each !== '')
}

function passwordOfJson(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('password' in json)) return undefined
  return typeof json.password === 'string' ? json.password : undefined
}
