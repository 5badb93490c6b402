/**
 * SQL for `name=value`, with the value gone where the name sounds as if it were a secret: the server already keeps it to itself, so that it
 * is neither read, nor shown, nor compared.
 */
function withoutSecret(option: string): string {
  return `CASE WHEN pg_catalog.split_part(${option}, '=', 1) ~* '(pass|pwd|secret|token|key|credential|jwt|auth|conninfo|dsn|url)'
    THEN pg_catalog.split_part(${option}, '=', 1) || '=(hidden)' ELSE ${option} END`
}

/** SQL for a sorted list of such options; NULL where there are none. */
export function shownOptions(options: string): string {
  return `CASE WHEN ${options} IS NOT NULL THEN ARRAY(SELECT ${withoutSecret('shown')} FROM pg_catalog.unnest(${options}) shown ORDER BY 1) END`
}

/** SQL for such options as DDL takes them, `name 'value', …`, sorted; NULL where there are none. */
export function optionList(options: string): string {
  return `(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(pg_catalog.split_part(safe, '=', 1)) || ' '
      || pg_catalog.quote_literal(pg_catalog.substr(safe, pg_catalog.strpos(safe, '=') + 1)), ', ' ORDER BY safe)
    FROM (SELECT ${withoutSecret('shown')} AS safe FROM pg_catalog.unnest(${options}) shown) hidden)`
}
