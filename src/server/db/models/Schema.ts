// The relational model of the sample application, in which organizations bill their customers for projects.
import { isNull, sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgPolicy,
  pgSequence,
  pgTable,
  pgView,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

export const memberRole = pgEnum('member_role', ['owner', 'admin', 'member', 'billing'])

export const invoiceStatus = pgEnum('invoice_status', ['draft', 'sent', 'paid', 'void'])

/** Invoice numbers run through all organizations, and are never used twice. */
export const invoiceNumber = pgSequence('invoice_number_seq', { startWith: 1000 })

/** The application sets `app.organization_id` for each request; where it is not set, no row is seen. */
const ownOrganization = sql`organization_id = nullif(current_setting('app.organization_id', true), '')::uuid`

const createdAt = timestamp('created_at', { withTimezone: true }).notNull().defaultNow()

export const organizations = pgTable(
  'organizations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    settings: jsonb('settings').notNull().default({}),
    createdAt,
    deletedAt: timestamp('deleted_at', { withTimezone: true }),
  },
  (table) => [
    uniqueIndex('organizations_slug_idx')
      .on(table.slug)
      .where(sql`${table.deletedAt} is null`),
  ],
)

export const users = pgTable(
  'users',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    email: text('email').notNull(),
    displayName: text('display_name').notNull().default(''),
    locale: text('locale').notNull().default('en'),
    createdAt,
  },
  (table) => [uniqueIndex('users_email_idx').on(sql`lower(${table.email})`)],
)

export const memberships = pgTable(
  'memberships',
  {
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: memberRole('role').notNull().default('member'),
    createdAt,
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.userId] }),
    index('memberships_user_id_idx').on(table.userId),
  ],
)

export const projects = pgTable(
  'projects',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    ownerId: bigint('owner_id', { mode: 'number' }),
    createdAt,
  },
  (table) => [
    unique('projects_organization_id_name_key').on(table.organizationId, table.name),
    foreignKey({
      name: 'projects_owner_is_member_fk',
      columns: [table.organizationId, table.ownerId],
      foreignColumns: [memberships.organizationId, memberships.userId],
    }),
    index('projects_tags_idx').using('gin', table.tags),
    pgPolicy('projects_own_organization', { using: ownOrganization, withCheck: ownOrganization }),
  ],
)

export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    number: bigint('number', { mode: 'number' })
      .notNull()
      .unique('invoices_number_key')
      .default(sql`nextval('invoice_number_seq')`),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id),
    projectId: uuid('project_id').references(() => projects.id, { onDelete: 'set null' }),
    status: invoiceStatus('status').notNull().default('draft'),
    issuedOn: date('issued_on').notNull().defaultNow(),
    dueOn: date('due_on'),
    net: numeric('net', { precision: 12, scale: 2 }).notNull(),
    taxPercent: numeric('tax_percent', { precision: 5, scale: 2 }).notNull().default('19'),
    gross: numeric('gross', { precision: 12, scale: 2 }).generatedAlwaysAs(
      sql`round(net * (1 + tax_percent / 100), 2)`,
    ),
    createdAt,
  },
  (table) => [
    check('invoices_net_not_negative', sql`${table.net} >= 0`),
    check('invoices_tax_percent_range', sql`${table.taxPercent} between 0 and 100`),
    index('invoices_organization_id_issued_on_idx').on(table.organizationId, table.issuedOn.desc()),
    index('invoices_unpaid_idx')
      .on(table.organizationId)
      .where(sql`${table.status} = 'sent'`),
    index('invoices_due_on_idx')
      .on(table.dueOn)
      .where(sql`${table.status} = 'sent'`),
    pgPolicy('invoices_own_organization', { using: ownOrganization, withCheck: ownOrganization }),
    pgPolicy('invoices_paid_are_kept', { as: 'restrictive', for: 'delete', using: sql`status <> 'paid'` }),
  ],
)

export const invoiceLines = pgTable(
  'invoice_lines',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    description: text('description').notNull(),
    quantity: numeric('quantity', { precision: 10, scale: 3 }).notNull().default('1'),
    unitPrice: numeric('unit_price', { precision: 12, scale: 2 }).notNull(),
    taxed: boolean('taxed').notNull().default(true),
  },
  (table) => [
    primaryKey({ columns: [table.invoiceId, table.position] }),
    check('invoice_lines_position_from_one', sql`${table.position} >= 1`),
  ],
)

/** What each living organization still owes. */
export const outstandingBalances = pgView('outstanding_balances')
  .with({ securityInvoker: true })
  .as((query) =>
    query
      .select({
        organizationId: invoices.organizationId,
        invoices: sql<number>`count(*)`.as('invoices'),
        amount: sql<string>`sum(${invoices.gross})`.as('amount'),
      })
      .from(invoices)
      .innerJoin(organizations, sql`${organizations.id} = ${invoices.organizationId}`)
      .where(sql`${invoices.status} = 'sent' and ${isNull(organizations.deletedAt)}`)
      .groupBy(invoices.organizationId),
  )

/** Written by a trigger on invoices (migration 0004), never by the application. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    organizationId: uuid('organization_id').notNull(),
    tableName: text('table_name').notNull(),
    action: text('action').notNull(),
    actor: text('actor')
      .notNull()
      .default(sql`current_user`),
    before: jsonb('before'),
    after: jsonb('after'),
    happenedAt: timestamp('happened_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    check('audit_log_action_known', sql`${table.action} in ('INSERT', 'UPDATE', 'DELETE')`),
    index('audit_log_organization_id_happened_at_idx').on(table.organizationId, table.happenedAt.desc()),
    index('audit_log_happened_at_idx').using('brin', table.happenedAt),
  ],
)
