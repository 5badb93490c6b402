/**
 * Gives the memory of bytes that nobody needs any more back at once. Left to the collector, a gigabyte of it costs a second of its
 * time, and up to 64 MB wait. Where more than `slack` bytes lie in that memory beside them, it is left alone: they are somebody else's.
 */
export function giveBack({ buffer, byteLength }: Uint8Array, slack = 0): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength - byteLength <= slack) buffer.transfer(0)
}
