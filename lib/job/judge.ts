// Turns work that may fail into a verdict: the one place where an error becomes "could not check".
import { describeError, RaingaugeError } from '../error.ts'
import { unknown, verdict, type CheckName, type Finding, type Ignored, type Verdict } from '../finding.ts'

/** What a check saw; `ignored`: what rules leave out of it; `incomplete` says what it could not see besides. */
export type Judgement = { findings: Finding[]; ignored?: Ignored[]; incomplete?: string | undefined }

/** Runs a check and gives its verdict. Only a cancelled run throws. */
export async function judge(
  check: CheckName,
  environment: string | null,
  signal: AbortSignal | undefined,
  work: () => Promise<Judgement>,
): Promise<Verdict> {
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  try {
    const { findings, ignored, incomplete } = await work()
    signal?.throwIfAborted()
    return incomplete === undefined
      ? verdict(check, environment, elapsed(), findings, ignored)
      : unknown(check, environment, elapsed(), incomplete, findings)
  } catch (error) {
    signal?.throwIfAborted()
    return unknown(check, environment, elapsed(), explain(error))
  }
}

/** One line for a person. An error that is not of the house is a fault of Raingauge, and says where it came from. */
export function explain(error: unknown): string {
  if (error instanceof RaingaugeError || !(error instanceof Error)) return describeError(error)
  const where = /\n\s+at (?<place>.+)/.exec(error.stack ?? '')?.groups?.['place']
  return `unexpected ${error.name}: ${error.message}${where === undefined ? '' : ` at ${where}`}`
}
