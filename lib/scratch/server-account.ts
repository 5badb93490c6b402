// Postgres refuses to run as root: as root, its programs run as an account that may do nothing else.
import { chmodSync, chownSync, constants, cpSync, existsSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RaingaugeError } from '../error.ts'
import type { ServerBinaries } from './server-binaries.ts'

export type ServerAccount = { uid: number; gid: number }

/** The account to run the server as; undefined: as ourselves. Throws `scratch.unavailable` where root finds no such account. */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  )
  // initdb looks its own name up, so a number without an entry will not do.
  const account = accounts.get('nobody') ?? accounts.get('postgres') ?? accounts.get('daemon')
  if (account === undefined || account.uid === 0) {
    throw new RaingaugeError(
      'scratch.unavailable',
      'Postgres does not run as root, and /etc/passwd has no account nobody',
      {
        remedy: 'run as an ordinary user',
      },
    )
  }
  return account
}

/** A temp folder in which the account can make and remove its own: the system's, unless that is closed to others. */
export function temporaryRoot(account: ServerAccount | undefined): string {
  if (account === undefined) return tmpdir()
  return [tmpdir(), '/tmp', '/var/tmp'].find(isSharedFolder) ?? tmpdir()
}

function isSharedFolder(folder: string): boolean {
  return existsSync(folder) && isOpenToAll(folder) && (statSync(folder).mode & 0o002) !== 0
}

/** Gives the folder to the account, and to nobody else. */
export function giveFolder(folder: string, account: ServerAccount | undefined): void {
  chmodSync(folder, 0o700)
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
}

/** Gives the file to the account, readable to nobody else. */
export function giveFile(file: string, account: ServerAccount | undefined): void {
  chmodSync(file, 0o600)
  if (account !== undefined) chownSync(file, account.uid, account.gid)
}

/** The binaries where the account can read them: in place, or copied into `folder` when a folder above them is closed to others. */
export function readableBinaries(
  binaries: ServerBinaries,
  account: ServerAccount | undefined,
  folder: string,
): ServerBinaries {
  if (account === undefined || isOpenToAll(binaries.folder)) return binaries
  const copy = join(folder, 'native')
  cpSync(binaries.folder, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  return { ...binaries, folder: copy }
}

/** True where every folder down to this one lets others through. */
function isOpenToAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
