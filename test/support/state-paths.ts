// Reference paths and payload templates of Amazon States Language, as far as ours go: `$.a.b`, `$$.A.B`, fields that end with `.$`.

/** The value at the path. Throws where there is none, as an execution does (States.Runtime). */
export function resolvePath(path: string, data: unknown, context: unknown): unknown {
  const steps = /^(?<root>\$\$?)(?<steps>(?:\.\w+)*)$/.exec(path)?.groups
  if (steps === undefined) throw new Error(`the path ${path} is not interpreted`)
  let value = steps['root'] === '$$' ? context : data
  for (const step of steps['steps']?.split('.').slice(1) ?? []) {
    if (typeof value !== 'object' || value === null || !(step in value)) throw new Error(`States.Runtime: no ${path}`)
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** The template with its paths followed. */
export function resolveTemplate(template: unknown, data: unknown, context: unknown): unknown {
  if (Array.isArray(template)) return template.map((each) => resolveTemplate(each, data, context))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), resolvePath(value as string, data, context)]
        : [name, resolveTemplate(value, data, context)],
    ),
  )
}

/** The input with the result put where `ResultPath` says: null keeps the input as it is, none is the result alone. */
export function setParts(input: unknown, path: unknown, result: unknown): unknown {
  if (path === undefined || path === '$') return result
  if (path === null) return input
  if (typeof path !== 'string') throw new Error('a ResultPath is a text')
  const name = /^\$\.(?<name>\w+)$/.exec(path)?.groups?.['name']
  if (name === undefined) throw new Error(`the ResultPath ${path} is not interpreted`)
  return { ...(input as object), [name]: result }
}
