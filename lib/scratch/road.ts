import type { Target } from '../postgres/target.ts'
import type { RoadName } from './choose-road.ts'

/** What the work would like of the server. */
export type Wish = {
  /** Names of extensions: the first road that has them all is taken. */
  extensions?: readonly string[]
  /** Rows come in through COPY FROM STDIN, which PGlite's socket does not take. */
  copies?: boolean
  /** No other database shall share the server: roles belong to all of it. */
  alone?: boolean
}

/** One way to a scratch database. */
export type Road = {
  name: RoadName
  /** Those of the wished extensions that it has; null: this road is not there. */
  offer(major: number, wish: Wish): Promise<ReadonlySet<string> | null>
  /** Lends an empty database, and drops it in every case. `extensions`: those it offered. Throws `scratch.unavailable`. */
  withDatabase<T>(
    major: number,
    extensions: ReadonlySet<string>,
    work: (target: Target) => Promise<T>,
    alone: boolean,
  ): Promise<T>
  /** Ends its servers. */
  stop(): Promise<void>
}
