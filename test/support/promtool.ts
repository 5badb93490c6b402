// promtool, Prometheus's own checker: used where it is found.
import { execFileSync, spawnSync } from 'node:child_process'

function isFound(): boolean {
  return spawnSync('promtool', ['--version']).status === 0
}

/** True where promtool can be run. Says on stderr that it cannot, so that a green run without it is seen for what it is. */
export function hasPromtool(): boolean {
  const found = isFound()
  if (!found) {
    process.stderr.write(
      '\n*** promtool was not found: rules and metrics were NOT checked by Prometheus itself ***\n\n',
    )
  }
  return found
}

/** What promtool printed. Throws, with its words, when it is not content. */
export function promtool(args: string[], input = ''): string {
  return execFileSync('promtool', args, { input, encoding: 'utf8', stdio: 'pipe' })
}
