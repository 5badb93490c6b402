import { expect, test } from 'vitest'
import { chooseRoad, extensionRemedy, type Offer } from '../../lib/scratch/choose-road.ts'
import { pgliteExtensions } from '../../lib/scratch/pglite-extensions.ts'
import { packagedExtensions } from '../../lib/scratch/packaged-extensions.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { OLDEST_AND_NEWEST } from '../support/database.ts'

const offer = (road: Offer['road'], ...extensions: string[]): Offer => ({ road, extensions: new Set(extensions) })

test.each<[string, Offer[], string[], ReturnType<typeof chooseRoad>]>([
  ['the first, where nothing is wished', [offer('embedded'), offer('named')], [], { road: 'embedded', missing: [] }],
  [
    'the first that has all',
    [offer('embedded', 'pg_trgm'), offer('pglite', 'pg_trgm', 'vector'), offer('named', 'pg_trgm', 'vector')],
    ['pg_trgm', 'vector'],
    { road: 'pglite', missing: [] },
  ],
  [
    'the last, where only that has it',
    [offer('embedded'), offer('pglite'), offer('named', 'postgis')],
    ['postgis'],
    { road: 'named', missing: [] },
  ],
  [
    'the one that lacks least, where none has all',
    [offer('embedded', 'pg_trgm'), offer('pglite', 'pg_trgm', 'vector'), offer('named', 'vector')],
    ['pg_trgm', 'vector', 'pg_cron'],
    { road: 'pglite', missing: ['pg_cron'] },
  ],
  [
    'the usual one, where no other helps',
    [offer('embedded'), offer('pglite'), offer('named')],
    ['pg_cron'],
    { road: 'embedded', missing: ['pg_cron'] },
  ],
  ['none, where there is none', [], ['vector'], undefined],
])('the road that is taken: %s', (_, offers, wished, choice) => {
  expect(chooseRoad(offers, wished)).toEqual(choice)
})

test('the remedy names the extension and every road to it', () => {
  const remedy = extensionRemedy(['postgis', 'pg_cron'])
  for (const word of ['postgis, pg_cron', 'embedded', 'PGlite', 'scratch.url']) expect(remedy).toContain(word)
})

test.each(OLDEST_AND_NEWEST)('what the packaged server of major %i has is known without starting it', (major) => {
  const packaged = packagedExtensions(findServerBinaries(major))
  expect([...packaged]).toEqual(expect.arrayContaining(['plpgsql', 'pg_trgm', 'uuid-ossp', 'hstore']))
  expect(packaged.has('vector')).toBe(false)
})

test('PGlite has what npm installed, by the names that Postgres has for it, and nothing else', () => {
  const names = ['plpgsql', 'vector', 'uuid-ossp', 'pg_trgm', 'tools', 'socket', 'postgis', '../pglite', 'pg_cron']
  expect([...pgliteExtensions(names)]).toEqual(['plpgsql', 'vector', 'uuid-ossp', 'pg_trgm'])
})
