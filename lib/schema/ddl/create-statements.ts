// The DDL that makes an object, with everything that lives in it: for people to read, and for repairs.
import pg from 'pg'
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import type { Side } from '../difference.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { columnDefinition, columnSettings } from './column-ddl.ts'
import { constraintDefinition } from './constraint-ddl.ts'
import { detailStatements } from './detail-ddl.ts'
import { has, list, text, words } from './fact-text.ts'
import { leanedOnFirst } from './leaned-on-first.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from './sql-name.ts'
import { sqlReference } from './sql-reference.ts'
import { structureStatements } from './structure-ddl.ts'
import { isStructure } from './structure-name.ts'
import { surroundingStatements } from './surrounding-ddl.ts'
import { isSurrounding } from './surrounding-name.ts'
import { quoteOption } from './quote-option.ts'
import { ofClass, tableStatements } from './table-ddl.ts'

/** Types and tables, with the functions that they call. */
const BEFORE_CONSTRAINTS: readonly ObjectClass[] = [
  'collation',
  'enum',
  'domain',
  'composite type',
  'range type',
  'base type',
  'table',
  'foreign table',
]

/** Functions and what is made of them, in an order that works; views may hang on keys. */
const AFTER_CONSTRAINTS: readonly ObjectClass[] = [
  'function',
  'procedure',
  'operator',
  'operator family',
  'operator class',
  'aggregate',
  'conversion',
  'text search parser',
  'text search template',
  'text search dictionary',
  'text search configuration',
  'view',
  'materialized view',
]

/** The statements that make the object and what lives in it, in an order that works, without closing semicolons. */
export function createStatements({ object, within: all }: Side): string[] {
  // A partition gets these with its parent's.
  const within = all.filter((each) => each.class === 'column' || !comesFromParent(each))
  const ownedSequences = ofClass(within, 'sequence')
  const foreignKeys = ofClass(within, 'constraint').filter((each) => text(each, 'kind') === 'FOREIGN KEY')
  const otherConstraints = ofClass(within, 'constraint').filter((each) => text(each, 'kind') !== 'FOREIGN KEY')
  const early = leanedOnFirst(ofClasses(within, BEFORE_CONSTRAINTS), within, 'later')
  const late = leanedOnFirst(ofClasses(within, AFTER_CONSTRAINTS), within).filter((each) => !early.includes(each))
  return [
    ...(object.class === 'schema' ? ownStatements(object, within) : []),
    ...ownedSequences.map(createSequence),
    ...(object.class === 'schema' ? [] : ownStatements(object, within)),
    ...ofClass(within, 'user mapping').flatMap(own),
    ...early.flatMap((each) => ownStatements(each, columnsOf(each, within))),
    ...ownedSequences.flatMap(sequenceOwner),
    ...(object.class === 'table' ? ofClass(within, 'column').flatMap(columnSettings) : []),
    ...otherConstraints.flatMap(own),
    ...late.flatMap(own),
    // A foreign key may stand on a unique index.
    ...[...ofClass(within, 'index'), ...foreignKeys].flatMap(own),
    ...ofClass(within, 'statistics object').flatMap(own),
    ...ofClass(within, 'trigger').flatMap(own),
    ...ofClass(within, 'rule').flatMap(own),
    ...ofClass(within, 'policy').flatMap(own),
    ...[object, ...within].flatMap(commentStatements),
    ...[object, ...within].flatMap(detailStatements),
  ]
}

function ofClasses(objects: readonly CatalogObject[], kinds: readonly ObjectClass[]): CatalogObject[] {
  return kinds.flatMap((kind) => ofClass(objects, kind))
}

function own(object: CatalogObject): string[] {
  return ownStatements(object, [])
}

function columnsOf(table: CatalogObject, within: readonly CatalogObject[]): CatalogObject[] {
  return within.filter((each) => each.parent === `table ${table.name}`)
}

function ownStatements(object: CatalogObject, within: readonly CatalogObject[]): string[] {
  const name = sqlName(object.path)
  const kind = object.class
  if (isSurrounding(kind)) return surroundingStatements(kind, object)
  if (isStructure(kind)) return structureStatements(kind, object)
  switch (kind) {
    case 'schema':
      // What a new database gives everybody on it (initdb.c); no other schema begins so.
      return [`CREATE SCHEMA ${name}`, ...(object.name === 'public' ? [`GRANT USAGE ON SCHEMA ${name} TO PUBLIC`] : [])]
    case 'extension':
      return [`CREATE EXTENSION ${name} SCHEMA ${sqlName([text(object, 'schema') ?? 'public'])}`]
    case 'enum':
      return [`CREATE TYPE ${name} AS ENUM (${list(object, 'labels').map(pg.escapeLiteral).join(', ')})`]
    case 'domain':
      return domainStatements(object)
    case 'composite type':
      return [`CREATE TYPE ${name} AS (${list(object, 'fields').join(', ')})`]
    case 'sequence':
      return [createSequence(object), ...sequenceOwner(object)]
    case 'table':
      return tableStatements(object, within)
    case 'column':
      return [`ALTER TABLE ${sqlTable(object)} ADD COLUMN ${columnDefinition(object)}`, ...columnSettings(object)]
    case 'constraint':
      return constraintStatements(object)
    case 'index':
      return indexStatements(object)
    case 'view':
      return [`CREATE VIEW ${name}${withOptions(object)} AS\n${viewQuery(object)}`]
    case 'materialized view': {
      const method = has(object, 'accessMethod') ? ` USING ${sqlName([text(object, 'accessMethod') ?? ''])}` : ''
      const data = has(object, 'unpopulated') ? '\nWITH NO DATA' : ''
      return [`CREATE MATERIALIZED VIEW ${name}${method}${withOptions(object)} AS\n${viewQuery(object)}${data}`]
    }
    case 'function':
    case 'procedure':
      return [(object.definition ?? '').trimEnd()]
    case 'trigger':
      return [text(object, 'definition') ?? '', ...firingStatements(object)]
    case 'policy':
      return [createPolicy(object)]
    default:
      return kind satisfies never
  }
}

function domainStatements(domain: CatalogObject): string[] {
  // CREATE DOMAIN knows no NOT VALID.
  const [later, whole] = [true, false].map((invalid) =>
    list(domain, 'constraints').filter((each) => each.endsWith(' NOT VALID') === invalid),
  ) as [string[], string[]]
  const create = words(
    `CREATE DOMAIN ${sqlName(domain.path)} AS ${text(domain, 'type')}`,
    has(domain, 'collation') && `COLLATE ${text(domain, 'collation')}`,
    has(domain, 'default') && `DEFAULT ${text(domain, 'default')}`,
    has(domain, 'notNull') && 'NOT NULL',
    ...whole,
  )
  return [create, ...later.map((constraint) => `ALTER DOMAIN ${sqlName(domain.path)} ADD ${constraint}`)]
}

function createSequence(sequence: CatalogObject): string {
  const unlogged = has(sequence, 'unlogged') ? 'UNLOGGED ' : ''
  return `CREATE ${unlogged}SEQUENCE ${sqlName(sequence.path)} ${sequenceOptions(sequence)}`
}

/** Every option of a sequence, as CREATE and ALTER take them. */
export function sequenceOptions(sequence: CatalogObject): string {
  return words(
    `AS ${text(sequence, 'type')} INCREMENT BY ${text(sequence, 'increment')} MINVALUE ${text(sequence, 'min')}`,
    `MAXVALUE ${text(sequence, 'max')} START WITH ${text(sequence, 'start')} CACHE ${text(sequence, 'cache')}`,
    has(sequence, 'cycle') ? 'CYCLE' : 'NO CYCLE',
  )
}

function sequenceOwner(sequence: CatalogObject): string[] {
  const owner = list(sequence, 'ownedBy')
  return owner.length === 0 ? [] : [`ALTER SEQUENCE ${sqlName(sequence.path)} OWNED BY ${sqlName(owner)}`]
}

function constraintStatements(constraint: CatalogObject): string[] {
  const alter = `ALTER TABLE ${sqlTable(constraint)}`
  const notValid = has(constraint, 'notValid') ? ' NOT VALID' : ''
  const [name, definition] = [sqlOwnName(constraint), constraintDefinition(constraint)]
  return [
    `${alter} ADD CONSTRAINT ${name} ${definition}${notValid}`,
    ...(has(constraint, 'clustered') ? [`${alter} CLUSTER ON ${name}`] : []),
    ...(has(constraint, 'replicaIdentity') ? [`${alter} REPLICA IDENTITY USING INDEX ${name}`] : []),
  ]
}

function indexStatements(index: CatalogObject): string[] {
  const alter = `ALTER TABLE ${sqlTable(index)}`
  return [
    // Without ONLY the partitions get theirs.
    (index.definition ?? '').replace(/^(CREATE (?:UNIQUE )?INDEX .+?) ON ONLY /s, '$1 ON '),
    ...list(index, 'statistics').map((target) => {
      const [column, value] = target.split(': ')
      return `ALTER INDEX ${sqlIndex(index)} ALTER COLUMN ${column} SET STATISTICS ${value}`
    }),
    ...(has(index, 'clustered') ? [`${alter} CLUSTER ON ${sqlOwnName(index)}`] : []),
    ...(has(index, 'replicaIdentity') ? [`${alter} REPLICA IDENTITY USING INDEX ${sqlOwnName(index)}`] : []),
  ]
}

/** Whether and when a trigger fires; nothing where it always did. */
export function firingStatements(trigger: CatalogObject): string[] {
  const firing = text(trigger, 'firing')
  return firing === undefined ? [] : [`ALTER TABLE ${sqlTable(trigger)} ${firing} TRIGGER ${sqlOwnName(trigger)}`]
}

function createPolicy(policy: CatalogObject): string {
  return words(
    `CREATE POLICY ${sqlOwnName(policy)} ON ${sqlTable(policy)}`,
    `AS ${has(policy, 'restrictive') ? 'RESTRICTIVE' : 'PERMISSIVE'} FOR ${text(policy, 'command')}`,
    `TO ${list(policy, 'roles').join(', ')}`,
    has(policy, 'using') && `USING (${text(policy, 'using')})`,
    has(policy, 'check') && `WITH CHECK (${text(policy, 'check')})`,
  )
}

function withOptions(view: CatalogObject): string {
  return has(view, 'options') ? ` WITH (${list(view, 'options').map(quoteOption).join(', ')})` : ''
}

function viewQuery(view: CatalogObject): string {
  return (text(view, 'query') ?? '').replace(/;\s*$/, '')
}

function commentStatements(object: CatalogObject): string[] {
  return has(object, 'comment') ? [commentStatement(object)] : []
}

/** Sets the comment, or takes it away where there is none. */
export function commentStatement(object: CatalogObject): string {
  const comment = text(object, 'comment')
  const reference = object.class === 'index' ? `INDEX ${sqlIndex(object)}` : sqlReference(object)
  return `COMMENT ON ${reference} IS ${comment === undefined ? 'NULL' : pg.escapeLiteral(comment)}`
}
