// Writes the dashboard and the alert rules beside itself. `--check`: only compares. `--runbooks URL`: where docs/runbooks is served;
// `--out DIR`: write elsewhere, as for a copy with your own URL.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dashboardJson } from './dashboard.ts'
import { rulesYaml } from './rules.ts'

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    runbooks: { type: 'string', default: 'docs/runbooks' },
    out: { type: 'string', default: import.meta.dirname },
  },
})

const files = {
  'dashboard.json': dashboardJson(),
  'prometheus-rules.yml': rulesYaml(values.runbooks.replace(/\/+$/, '')),
}

if (!values.check) mkdirSync(values.out, { recursive: true })
for (const [name, text] of Object.entries(files)) {
  const path = join(values.out, name)
  if (!values.check) {
    writeFileSync(path, text)
  } else if (read(path) !== text) {
    process.stderr.write(`${path} is not what the code makes: run node grafana/build.ts\n`)
    process.exitCode = 1
  }
}

/** null: not there, so it differs. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
