// `npm run guide`: writes the tables of what may be touched into the deployment guide. `--check`: only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { accessTables } from './access-tables.ts'
import { replaceBetween } from './replace-between.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const file = join(import.meta.dirname, '..', 'docs', 'DEPLOYMENT_GUIDE.md')
const text = readFileSync(file, 'utf8')
const wanted = replaceBetween(text, 'access', accessTables())
if (!values.check) {
  writeFileSync(file, wanted)
} else if (wanted !== text) {
  process.stderr.write(`${file} is not what the code makes: run npm run guide\n`)
  process.exitCode = 1
}
