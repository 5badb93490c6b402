/** Calls through the first time, and then only when so many milliseconds have passed: a log is read by people, and paid for. */
export function atMostEvery<Words extends unknown[]>(
  ms: number,
  call: (...words: Words) => void,
): (...words: Words) => void {
  let last = Number.NEGATIVE_INFINITY
  return (...words) => {
    const now = performance.now()
    if (now - last < ms) return
    last = now
    call(...words)
  }
}
