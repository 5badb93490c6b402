// The statements that read what surrounds tables: operators, casts, text search and their like.
import type { CatalogQuery } from './catalog-query.ts'
import { accessMethods } from './access-methods.ts'
import { aggregates } from './aggregates.ts'
import { baseTypes } from './base-types.ts'
import { casts } from './casts.ts'
import { collations } from './collations.ts'
import { conversions } from './conversions.ts'
import { eventTriggers } from './event-triggers.ts'
import { languages } from './languages.ts'
import { operatorClasses } from './operator-classes.ts'
import { operatorFamilies } from './operator-families.ts'
import { operators } from './operators.ts'
import { rangeTypes } from './range-types.ts'
import { rules } from './rules.ts'
import { statisticsObjects } from './statistics-objects.ts'
import { textSearchConfigurations } from './text-search-configurations.ts'
import { textSearchDictionaries } from './text-search-dictionaries.ts'
import { textSearchParsers } from './text-search-parsers.ts'
import { textSearchTemplates } from './text-search-templates.ts'
import { transforms } from './transforms.ts'

export const STRUCTURE_QUERIES: readonly CatalogQuery<never>[] = [
  accessMethods,
  aggregates,
  baseTypes,
  casts,
  collations,
  conversions,
  eventTriggers,
  languages,
  operatorClasses,
  operatorFamilies,
  operators,
  rangeTypes,
  rules,
  statisticsObjects,
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
  transforms,
]
