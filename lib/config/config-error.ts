import { messageOf, RaingaugeError } from '../error.ts'

/** One thing wrong with the configuration: where, what, and what to write instead. */
export type ConfigFault = { place: string; problem: string; remedy: string }

/** Every fault of the configuration at once, so that a person mends them in one go. */
export class ConfigError extends RaingaugeError {
  readonly faults: ConfigFault[]

  constructor(faults: ConfigFault[]) {
    super('config.invalid', faults.map((fault) => `${fault.place}: ${fault.problem}`).join('; '), {
      remedy: faults.map((fault) => fault.remedy).join('; '),
    })
    this.faults = faults
  }
}

/** Takes down one fault; all of them are thrown together. */
export type Report = (place: string, problem: string, remedy: string) => void

/** Reports what a check of the value at `place` threw. */
export function reportError(place: string, error: unknown, report: Report): void {
  const remedy = error instanceof RaingaugeError ? error.remedy : undefined
  report(place, messageOf(error), remedy ?? 'mend the value')
}
