import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE, ROWS } from './panels.ts'
import { select } from './select.ts'

/** The dashboard as Grafana imports it (Dashboards, New, Import), for any Prometheus data source. */
export function dashboardJson(): string {
  const builder = new DashboardBuilder('Raingauge')
    .uid('raingauge')
    .description('History, schema and archives of the Postgres databases that Drizzle migrations build.')
    .tags(['raingauge', 'postgres', 'generated'])
    .timezone('browser')
    .time({ from: 'now-7d', to: 'now' })
    .refresh('5m')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('project')
        .label('Project')
        .datasource(DATASOURCE)
        .query({ query: `label_values(${select('buildInfo')}, project)`, refId: 'project' })
        .refresh(VariableRefresh.OnTimeRangeChanged),
    )
  for (const { title, panels } of ROWS) {
    builder.withRow(new RowBuilder(title))
    for (const panel of panels) builder.withPanel(panel)
  }
  return `${JSON.stringify(builder.build(), undefined, 2)}\n`
}
