const OPTION = String.raw`\w+=(?:'(?:[^']|'')*'|[\w.+-]+)`
const WITH = new RegExp(String.raw` WITH \((${OPTION}(?:, ${OPTION})+)\)`)

/** The DDL of an index or a constraint with its storage parameters by name: the server keeps them in the order in which they were set. */
export function canonicalOptions(definition: string): string {
  if (!definition.includes(' WITH (')) return definition
  return definition.replace(WITH, (_, options: string) => {
    const each = options.match(new RegExp(OPTION, 'g')) ?? []
    return ` WITH (${each.toSorted().join(', ')})`
  })
}
