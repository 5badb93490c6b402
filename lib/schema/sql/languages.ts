import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  commentOn,
  facts,
  madeByPeople,
  notOfExtension,
  procedureName,
  type CatalogQuery,
} from './catalog-query.ts'

type LanguageRow = {
  name: string
  trusted: boolean
  handler: string
  inline: string | null
  validator: string | null
  comment: string | null
}

/** Procedural languages (pg_language) that no extension brought. */
export const languages: CatalogQuery<LanguageRow> = {
  inUse: anyMade('pg_language'),
  sql: `SELECT l.lanname AS name, l.lanpltrusted AS trusted, ${procedureName('l.lanplcallfoid')} AS handler,
     ${procedureName('l.laninline')} AS inline, ${procedureName('l.lanvalidator')} AS validator,
     comment.description AS comment
   FROM pg_catalog.pg_language l ${commentOn('pg_language', 'l.oid')}
   WHERE l.lanispl AND ${madeByPeople('l.oid')} AND ${notOfExtension('pg_language', 'l.oid')}`,
  object: ({ name, ...row }) => ({
    class: 'language',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}
