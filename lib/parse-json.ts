/** What the text is as JSON; undefined where it is none: what is wrong with it is said once, by the schema that refuses it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
