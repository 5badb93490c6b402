/** A storage parameter as the catalog keeps it, `name=value`, as SQL takes it. */
export function quoteOption(option: string): string {
  const [name = '', ...value] = option.split('=')
  return value.length === 0 ? name : `${name}='${value.join('=').replaceAll("'", "''")}'`
}
