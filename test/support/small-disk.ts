// A disk that is really small, so that it is really full: a tmpfs of so many megabytes, which only root can mount.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const MEGABYTE = 1024 * 1024

/** False where no disk can be mounted; says so, since tests are skipped then. */
export function canMount(): boolean {
  const folder = mkdtempSync('/tmp/raingauge-disk-')
  const mounted = mount(folder, 1)
  if (mounted) unmount(folder)
  rmdirSync(folder)
  if (!mounted) process.stderr.write('SKIPPED: tests of full disks, for only root may mount a small disk\n')
  return mounted
}

/** Mounts an empty disk that everybody may write to; it goes with the test. */
export function smallDisk(megabytes: number): string {
  const folder = mkdtempSync('/tmp/raingauge-disk-')
  if (!mount(folder, megabytes)) throw new Error(`${folder} could not be mounted`)
  onTestFinished(() => {
    unmount(folder)
    rmdirSync(folder)
  })
  chmodSync(folder, 0o1777)
  return folder
}

/** Fills the disk up to so many free megabytes, with one file `filler`. */
export function fillUp(disk: string, leaving: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - leaving * MEGABYTE))
}

function mount(folder: string, megabytes: number): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'raingauge-test', folder])
  return status === 0
}

/** Lazily: a server that was just told to end may still have a file open. */
function unmount(folder: string): void {
  const { status, stderr } = spawnSync('umount', ['--lazy', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`umount ${folder}: ${stderr}`)
}
