// The journal of Drizzle 0.x, `meta/_journal.json`: its shape, checked.
import { z } from 'zod'
import { RaingaugeError, messageOf } from '../error.ts'
import type { FolderEntry } from './folder.ts'

const REMEDY = 'restore it from version control; drizzle-kit writes it, nobody edits it'

const journalSchema = z.object({
  // drizzle-kit wrote `pg` up to version 5 of the journal. Drizzle's migrator reads neither this nor `idx`: people who write theirs by
  // hand get them wrong, and it runs all the same.
  dialect: z.enum(['postgresql', 'pg', 'postgres'], 'is not postgresql').optional(),
  entries: z
    .array(
      z.object({
        idx: z.int().optional().catch(undefined),
        // As far as a Date reaches.
        when: z.int().min(0).max(8.64e15),
        tag: z.string().regex(/^(?!\.\.?$)[^/\\\0]+$/, 'is not the name of a file'),
      }),
    )
    .min(1, 'names no migration'),
})

/** The entries of a journal, in its order. Throws `folder.invalid`, which names the file and the place in it. */
export function parseJournal(text: string, file: string): FolderEntry[] {
  const parsed = journalSchema.safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data.entries.map((entry, place) => ({ ...entry, idx: entry.idx ?? place }))
  const [issue] = parsed.error.issues
  const place = issue?.path.map((each) => (typeof each === 'number' ? `[${each}]` : `.${String(each)}`)).join('')
  throw new RaingaugeError('folder.invalid', `${file}: ${place?.replace(/^\./, '') || 'it'}: ${issue?.message}`, {
    remedy: issue?.message === 'names no migration' ? 'run drizzle-kit generate, and commit what it writes' : REMEDY,
    cause: parsed.error,
  })
}

function parseJson(text: string, file: string): unknown {
  if (text.trim() === '') throw new RaingaugeError('folder.invalid', `${file} is empty`, { remedy: REMEDY })
  try {
    return JSON.parse(text)
  } catch (cause) {
    const words = messageOf(cause)
    throw new RaingaugeError('folder.invalid', `${file} is not JSON: ${words}`, { remedy: REMEDY, cause })
  }
}
