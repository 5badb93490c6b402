// The Prometheus text format, by prom-client: prometheus.io/docs/instrumenting/exposition_formats.
import { Gauge, Registry } from 'prom-client'
import type { Run } from '../run.ts'
import { METRICS, type Metric } from './metric-catalogue.ts'
import { samplesOf } from './sample.ts'

/** What to export. */
export type PrometheusInput = {
  run: Run
  /** Runs before it, the newest first, such as the last of each other job: they add what this one did not look at. */
  earlier?: readonly Run[]
}

/**
 * The metrics of the catalogue that these runs have a value for. A metric without one is left out: prom-client would export an unset
 * gauge as 0, and 0 is an answer. The number of series does not grow with findings, tables or archives.
 */
export async function prometheusText({ run, earlier = [] }: PrometheusInput): Promise<string> {
  const registry = new Registry()
  const gauges = new Map<string, Gauge>()
  for (const { metric, labels, value } of samplesOf([run, ...earlier])) {
    const gauge = gauges.get(metric) ?? newGauge(METRICS[metric], registry)
    gauges.set(metric, gauge)
    gauge.set({ project: run.project, ...labels }, value)
  }
  return await registry.metrics()
}

function newGauge({ name, help, labels }: Metric, registry: Registry): Gauge {
  return new Gauge({ name, help, labelNames: ['project', ...labels], registers: [registry] })
}
