// Where archives, baselines and state live. Every implementation keeps the promises written here; one contract suite tests them all.

/** What a stored object is now; `etag` changes whenever its bytes do. */
export type StoredObject = { key: string; bytes: number; modifiedAt: Date }

/** `absent`: create only. An etag: replace only what was read. undefined: whatever is there. */
export type Condition = 'absent' | { etag: string } | undefined

export interface Store {
  /** Where an object is, for a person: a path, or an s3:// URL. */
  locate(key: string): string
  /** A small object, whole; null where there is none. */
  get(key: string): Promise<{ body: Buffer; etag: string } | null>
  /** Writes a small object, whole or not at all. Throws `store.conflict` when the condition does not hold. */
  put(key: string, body: Uint8Array | string, condition?: Condition): Promise<{ etag: string }>
  /** Begins a large object of unknown length. Nothing is visible before `commit` returns. */
  upload(key: string): Promise<Upload>
  /** The bytes of an object, or of `[start, end)` of it. Throws `archive.not-found` where there is none. */
  read(key: string, range?: { start: number; end: number }): AsyncIterable<Uint8Array>
  /** Objects whose key starts with the prefix, in order of key. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Deletes an object; nothing happens where there is none. */
  delete(key: string): Promise<void>
}

export interface Upload {
  /** Takes the bytes; resolves when it may be given more. The chunk belongs to the upload until then. */
  write(chunk: Uint8Array): Promise<void>
  /** Makes the object visible, whole, unless there is one already (`store.conflict`). */
  commit(): Promise<{ bytes: number }>
  /** Leaves nothing behind. Safe to call twice, and after a failure. */
  abort(): Promise<void>
}
