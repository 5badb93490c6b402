/** Where the configuration comes from, for messages and for relative paths. */
export type ConfigOrigin = {
  /** Such as `raingauge.config.ts`, or `flags`. */
  source: string
  /** Relative paths start here: an absolute folder. */
  base: string
  /** The environment variables that `{ env: … }` may name; null where only references are taken, since it is for a template. */
  variables: Readonly<Record<string, string | undefined>> | null
}
