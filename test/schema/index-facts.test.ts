import { expect, test } from 'vitest'
import { indexFacts } from '../../lib/schema/index-facts.ts'

const none = { include: false, nullsNotDistinct: false, options: false, predicate: false }

test.each([
  ['CREATE INDEX i ON s.t USING btree (a)', { ...none, table: 's.t', indexMethod: 'btree', columns: ['a'] }],
  [
    `CREATE UNIQUE INDEX "a, (b" ON ONLY public."t USING" USING gin (f(a, ')'::text) s.ops (siglen='9') DESC, "x,)""(" COLLATE "C") INCLUDE (b, "c,d") NULLS NOT DISTINCT WITH (fillfactor='70', fastupdate=off) WHERE (b = ANY (ARRAY['x'::text, 'y'::text]))`,
    {
      table: 'public."t USING"',
      indexMethod: 'gin',
      columns: [`f(a, ')'::text) s.ops (siglen='9') DESC`, `"x,)""(" COLLATE "C"`],
      include: ['b', '"c,d"'],
      nullsNotDistinct: true,
      options: ['fillfactor=70', 'fastupdate=off'],
      predicate: `(b = ANY (ARRAY['x'::text, 'y'::text]))`,
    },
  ],
])('an index part by part: %s', (definition, facts) => {
  expect(indexFacts(definition)).toEqual(facts)
})

test.each(['CREATE INDEX i ON t USING btree (a) SOMETHING NEW', 'CREATE INDEX i ON t USING btree (a', 'nonsense'])(
  'what is written otherwise stays whole, so that nothing of it is lost: %s',
  (definition) => {
    expect(indexFacts(definition)).toEqual({ definition })
  },
)
