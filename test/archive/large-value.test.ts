import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { childEnvironment } from '../support/run-folder.ts'

const PROGRAM = fileURLToPath(new URL('programs/back-up-and-restore.ts', import.meta.url))
const MEGABYTE = 1e6

/** The value escapes a backslash and a tab in each of its pieces, and so is longer on its way. */
const MADE = `
  CREATE TABLE public.large (id int PRIMARY KEY, before text, value text, after text);
  INSERT INTO public.large SELECT 1, 'before', repeat(md5('piece') || E'\\\\ \\t', 2900000), 'after';
  INSERT INTO public.large VALUES (2, NULL, '', 'small')`

const SUMS = `SELECT id, before, md5(value) AS sum, length(value) AS length, after FROM public.large ORDER BY id`

test('a value of 100 MB comes back as it was, and no process holds it whole', async () => {
  const source = await testDatabase(undefined, MADE)
  const copy = await testDatabase()
  const words = [PROGRAM, targetUrl(source), targetUrl(copy), testFolder()]
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: childEnvironment(process.env) })
  const rows = await execute<{ length: number }>(copy, SUMS)
  expect(rows).toEqual(await execute(source, SUMS))
  expect(rows[0]?.length).toBeGreaterThan(100 * MEGABYTE)
  const peaks = JSON.parse(stdout) as number[]
  expect(peaks).toHaveLength(3)
  for (const peak of peaks) expect(peak / MEGABYTE).toBeLessThan(300)
}, 120_000)
