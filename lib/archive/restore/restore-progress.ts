// How far a restore is: counted here, put into words where it is told.
import { describeEntry, type TocEntry } from '../format/toc-entry.ts'
import type { DataGroup } from './data-groups.ts'

export type RestoreProgress = {
  /** Uncompressed bytes of data, read so far and in all; null where nobody knows. */
  bytes: number
  totalBytes: number | null
  /** Definitions, indexes, constraints and the like. */
  made: number
  toMake: number
  /** What was made last, such as `INDEX public.users_email_idx`. */
  last: string | null
}

export class RestoreCounter {
  readonly #tell: (progress: RestoreProgress) => void
  readonly #read = new Map<DataGroup, number>()
  #totalBytes: number | null = null
  #toMake = 0
  #made = 0
  #last: string | null = null
  #bytes = 0

  constructor(tell: (progress: RestoreProgress) => void = () => {}) {
    this.#tell = tell
  }

  /** Uncompressed bytes of data so far. */
  get bytes(): number {
    return this.#bytes
  }

  expect(work: { totalBytes: number | null; statements: number }): void {
    this.#totalBytes = work.totalBytes
    this.#toMake = work.statements
  }

  made(entry: TocEntry): void {
    this.#made++
    this.#last = describeEntry(entry)
    this.#say()
  }

  /** `bytes`: of this group, so far. */
  read(group: DataGroup, bytes: number): void {
    this.#bytes += bytes - (this.#read.get(group) ?? 0)
    this.#read.set(group, bytes)
    this.#say()
  }

  #say(): void {
    this.#tell({
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      made: this.#made,
      toMake: this.#toMake,
      last: this.#last,
    })
  }
}
