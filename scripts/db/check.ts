// npm run db:check: is the committed folder sound, and has it all that Schema.ts says? No database is opened.
import drizzleConfig from '../../drizzle.config.ts'
import { checkFolder } from '../../lib/ledger/check-folder.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { runDrizzleKitCheck } from '../../lib/ledger/run-drizzle-kit.ts'
import { verdict } from '../../lib/finding.ts'
import { ungeneratedSql } from './run-generate.ts'
import { runScript } from './run-script.ts'

const SCHEMA = String(drizzleConfig.schema)
const FOLDER = drizzleConfig.out ?? 'migrations'

await runScript(async () => {
  const folder = await readFolder(FOLDER)
  const findings = [...checkFolder(folder), ...(await runDrizzleKitCheck(folder))]
  for (const { severity, summary } of findings) process.stdout.write(`${severity}: ${summary}\n`)
  if (verdict('folder', null, 0, findings).status !== 'clean') return 1
  const missing = await ungeneratedSql(SCHEMA, FOLDER)
  if (missing !== null) {
    process.stdout.write(`${SCHEMA} says more than ${FOLDER}: run npm run db:generate, it will write\n${missing}\n`)
    return 1
  }
  process.stdout.write(`${folder.migrations.length} migrations: the folder is sound and has all that ${SCHEMA} says\n`)
  return 0
})
