import type { Target } from '../../postgres/target.ts'

/**
 * The connection string for libpq inside the module. The socket is ours, so host and port are only names; encryption is done outside.
 * The password is not in it.
 */
export function moduleConninfo(target: Target): string {
  return formatConninfo({
    ...PLACEHOLDER,
    user: target.user,
    dbname: target.database,
    sslmode: 'disable',
    gssencmode: 'disable',
    application_name: 'raingauge',
  })
}

/** A connection string as libpq reads it: manual, 34.1.1.1 "Keyword/Value Connection Strings". */
export function formatConninfo(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}='${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`)
    .join(' ')
}

const PLACEHOLDER = { host: '127.0.0.1', port: '5432' }

/** A line of pg_dump without libpq's words about the placeholder address, which would mislead. */
export function withoutPlaceholder(line: string): string {
  return line.replaceAll(/connection to server at "127\.0\.0\.1"(?: \([^)]*\))?, port 5432 failed: /g, '')
}
