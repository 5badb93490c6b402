// What surrounds the schema: rights, settings, publications, foreign servers.
import { access } from './access.ts'
import type { CatalogGroupQuery, CatalogQuery } from './catalog-query.ts'
import { database } from './database.ts'
import { foreignDataWrappers } from './foreign-data-wrappers.ts'
import { foreignTables } from './foreign-tables.ts'
import { publications } from './publications.ts'
import { securityLabels } from './security-labels.ts'
import { servers } from './servers.ts'
import { subscriptions } from './subscriptions.ts'
import { userMappings } from './user-mappings.ts'

export const SURROUNDING_QUERIES: readonly (CatalogQuery<never> | CatalogGroupQuery<never>)[] = [
  foreignDataWrappers,
  servers,
  userMappings,
  foreignTables,
  publications,
  subscriptions,
  securityLabels,
  database,
  access,
]
