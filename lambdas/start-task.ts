// How a container of a plain Node image comes to its code. It is handed over as text on the command line, so it imports nothing but Node and two
// files beside it, and is minified. Argument: the folder to fill. The program that runs then is started by whoever started this one.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { signGet, type Credentials } from './sign-get.ts'
import { unpackZip } from './unpack-zip.ts'

/** Of TASK_VARIABLES, which this program has no room to import with all that belongs to it. */
const { RAINGAUGE_BUNDLE: bundle = '', RAINGAUGE_ROOTS: roots = '', AWS_REGION: region = '' } = process.env
const TRIES = 4
const PATIENCE_MS = 60_000

const [folder = ''] = process.argv.slice(-1)
mkdirSync(folder, { recursive: true })
unpackZip(await read(async () => signGet(new URL(bundle), await credentials(), region, new Date())), folder)
if (roots !== '') await fetchRoots()

/** Whoever has no database of RDS needs them for nothing: it is told that they could not be had, and who does need them says so then. */
async function fetchRoots(): Promise<void> {
  try {
    writeFileSync(join(folder, 'roots.pem'), await read(async () => new Request(roots)))
  } catch (error) {
    process.stdout.write(
      `${JSON.stringify({ level: 'WARN', message: `root certificates of RDS: ${String(error)}` })}\n`,
    )
  }
}

/** As the SDK finds the role of a task (ECS Developer Guide, "Task IAM role"). */
async function credentials(): Promise<Credentials> {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: full, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative = '' } =
    process.env
  const answer = await read(async () => new Request(full ?? `http://169.254.170.2${relative}`))
  return JSON.parse(answer.toString('utf8')) as Credentials
}

/** The whole answer. Asks again where there was none, or not all of it; throws what the last try ended in, which names the place and no secret. */
async function read(make: () => Promise<Request>): Promise<Buffer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const request = await make()
      const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
      if (response.ok) return Buffer.from(await response.arrayBuffer())
      throw new Error(`${request.url}: HTTP ${response.status}`)
    } catch (error) {
      if (tries === TRIES) throw error
      await wait(tries * 500)
    }
  }
}
