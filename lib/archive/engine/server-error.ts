/** An ErrorResponse of the server, as far as it tells errors apart. */
export type ServerError = { sqlstate: string; message: string }

// Manual, 55.8 "Error and Notice Message Fields": severity localised and not, SQLSTATE, message, each ended by a zero byte,
// which no COPY row in text form can hold.
const ERROR_RESPONSE = /E[^]{4}S[^\0]*\0V(?:ERROR|FATAL|PANIC)\0C([0-9A-Z]{5})\0M([^\0]*)\0/g

/** The last error in a stretch of what the server sent, which may begin in the middle of a message. */
export function lastServerError(bytes: Uint8Array): ServerError | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const last = [...text.matchAll(ERROR_RESPONSE)].at(-1)
  if (last === undefined) return undefined
  const [, sqlstate = '', message = ''] = last
  return { sqlstate, message: Buffer.from(message, 'latin1').toString('utf8') }
}
