// How long the extractor takes against a floor: the same catalogs read whole with the least SQL, nothing deparsed but what must be.
import { withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { extractCatalog } from '../lib/schema/extract-catalog.ts'
import { compare, type Comparison } from './measure.ts'

const USER = `NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`

const FLOOR = [
  `SELECT n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ${USER}`,
  `SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname ${USER}`,
  `SELECT c.conname, c.conrelid, c.contype, pg_catalog.pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE n.nspname ${USER}`,
  `SELECT i.indexrelid, i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ${USER}`,
  `SELECT c.relname, pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND n.nspname ${USER}`,
  `SELECT p.polname, pg_catalog.pg_get_expr(p.polqual, p.polrelid) FROM pg_catalog.pg_policy p`,
].join(';\n')

/** In-process, connection included: what a check pays. */
export async function compareCatalogReads(target: Target, tables: number, rounds: number): Promise<Comparison> {
  return await compare(
    `Catalog read, ${tables} tables`,
    {
      name: 'raingauge extractCatalog',
      run: () => withSnapshot(target, 'bench', (client) => extractCatalog(client, { ledger: null })),
    },
    { name: 'floor: bare queries', run: () => withSnapshot(target, 'bench', (client) => client.query(FLOOR)) },
    rounds,
  )
}
