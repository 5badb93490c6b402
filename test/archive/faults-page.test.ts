import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every fault of the page names a test that is there', () => {
  const page = readFileSync(new URL('../../docs/archive-faults.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| (?!-|fault )/.test(line))
  expect(rows.length).toBeGreaterThan(30)
  const missing = rows.flatMap((row) => {
    const named = row.match(/[\w/-]+\.test\.ts/g) ?? ['no test at all']
    return named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url))).map((path) => `${path}: ${row}`)
  })
  expect(missing).toEqual([])
})
