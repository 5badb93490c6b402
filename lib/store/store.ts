// Where archives, baselines and state live. Every implementation keeps the promises written here; one contract suite tests them all.

/** A stored object, as a list of them tells it. */
export type StoredObject = { key: string; bytes: number; modifiedAt: Date }

/** `absent`: create only. An etag: replace only what was read. undefined: whatever is there. */
export type Condition = 'absent' | { etag: string } | undefined

/** How firmly a store holds an object: `governance` yields to whoever has a right of its own for it, `compliance` to nobody. */
export type RetentionMode = 'governance' | 'compliance'

export type Retention = { mode: RetentionMode; until: Date }

/** Something large that was begun, and neither committed nor aborted: its writer may be at work, or dead. */
export type Unfinished = {
  /** The key, or the store's own name for it, below the same folder. */
  key: string
  /** When its writer last was alive for certain. */
  aliveAt: Date
  /** Removes it for good; its writer, should it live, can no longer commit. */
  discard(): Promise<void>
}

export interface Store {
  /** Where an object is, for a person: a path, or an s3:// URL. */
  locate(key: string): string
  /** A small object, whole; null where there is none. `etag` changes whenever its bytes do. */
  get(key: string): Promise<{ body: Buffer; etag: string } | null>
  /** Writes a small object, whole or not at all. Throws `store.conflict` when the condition does not hold. */
  put(key: string, body: Uint8Array | string, condition?: Condition): Promise<{ etag: string }>
  /**
   * Begins a large object of unknown length. Nothing is visible before `commit` returns. Above 5 TiB, S3 must know about
   * how many bytes to expect.
   */
  upload(key: string, expectedBytes?: number): Promise<Upload>
  /** The bytes of an object, or of `[start, end)` of it. Throws `archive.not-found` where there is none. */
  read(key: string, range?: { start: number; end: number }): AsyncIterable<Uint8Array>
  /** Objects whose key starts with the prefix, in order of key. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Deletes an object; nothing happens where there is none. Throws `store.retained` while a retention runs. */
  delete(key: string): Promise<void>
  /**
   * Keeps the bytes of an object until then, whoever deletes. Never shortens a promise that runs, or changes its mode:
   * throws `store.retained` instead. Throws `store.unsupported` where the place cannot promise it, `archive.not-found`.
   */
  retain(key: string, retention: Retention): Promise<void>
  /** What was promised last for an object; null: nothing, or there is no object. */
  retention(key: string): Promise<Retention | null>
  /** What is begun and not ended under the prefix, in no order. */
  unfinished(prefix: string): AsyncIterable<Unfinished>
}

export interface Upload {
  /** Takes the bytes; resolves when it may be given more. The chunk belongs to the upload until then. */
  write(chunk: Uint8Array): Promise<void>
  /** Makes the object visible, whole, unless there is one already (`store.conflict`). */
  commit(): Promise<{ bytes: number }>
  /** Leaves nothing behind. Safe to call twice, after a failure, and while a write is under way, which may then fail. */
  abort(): Promise<void>
}
