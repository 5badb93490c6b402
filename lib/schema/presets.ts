// What hosting platforms put into every database of theirs, which no migration makes: left out on both sides, each with its reason.
import { PLATFORMS, type Platform } from '../config/config.ts'
import type { ObjectClass } from '../object-class.ts'
import type { Catalog, CatalogObject } from './catalog.ts'

type Omission = {
  /** `*`: any class, by the schema it lives in. */
  class: ObjectClass | '*'
  /** Of the schema for `*`, else of the object. */
  name: RegExp
  reason: string
}

type Preset = {
  /** A role that no other platform has. */
  role: string
  leavesOut: readonly Omission[]
}

/** Sources: the platforms' own manuals on roles and schemas, and the supabase/postgres repository (migrations/db). */
const PRESETS: Readonly<Record<Platform, Preset>> = {
  supabase: {
    role: 'supabase_admin',
    leavesOut: [
      {
        class: '*',
        name: /^(?:auth|storage|realtime|_realtime|_analytics|_supavisor|graphql|graphql_public|vault|extensions|pgbouncer|pgsodium|pgsodium_masks|net|supabase_functions|supabase_migrations)$/,
        reason: 'Supabase keeps its services there, and changes them with every release',
      },
      {
        class: 'extension',
        name: /^(?:pg_graphql|supabase_vault|pgsodium|pg_net|pgjwt|pgcrypto|"uuid-ossp"|pg_stat_statements)$/,
        reason: 'Supabase makes it in every project',
      },
      {
        class: 'event trigger',
        name: /^(?:issue_|pgrst_|pgsodium_)/,
        reason: 'Supabase watches DDL with it',
      },
      { class: 'publication', name: /^supabase_realtime/, reason: 'the dashboard adds tables to it' },
      {
        class: 'role',
        name: /^(?:anon|authenticated|service_role|authenticator|dashboard_user|pgbouncer|postgres|pgsodium_\w+|supabase_\w+|"?cli_login_\w+)$/,
        reason: 'Supabase grants to it by default privileges; row-level security is what keeps rows apart',
      },
    ],
  },
  neon: {
    role: 'neon_superuser',
    leavesOut: [
      {
        class: '*',
        name: /^(?:neon|neon_auth|neon_control_plane)$/,
        reason: 'Neon keeps its own state there, and the users that Neon Auth copies',
      },
      { class: 'extension', name: /^neon(?:_utils)?$/, reason: 'Neon makes it in every project' },
      {
        class: 'role',
        name: /^(?:neon_superuser|neon_service|cloud_admin)$/,
        reason: 'Neon grants to it by default privileges',
      },
    ],
  },
  rds: {
    role: 'rds_superuser',
    leavesOut: [
      { class: 'role', name: /^rds/, reason: 'the roles that Amazon RDS manages the server with' },
      { class: '*', name: /^rds_tools$/, reason: 'Amazon RDS keeps its own functions there' },
      { class: 'extension', name: /^rds_tools$/, reason: 'Amazon RDS makes it' },
    ],
  },
}

/** The platform that a server with these roles belongs to; null: none that is known. */
export function detectPlatform(roles: readonly string[]): Platform | null {
  return PLATFORMS.find((platform) => roles.includes(PRESETS[platform].role)) ?? null
}

/** The catalog without what the platform brings. null: all of it. */
export function withoutPlatform(catalog: Catalog, platform: Platform | null): Catalog {
  if (platform === null) return catalog
  const { leavesOut } = PRESETS[platform]
  const isOut = (object: CatalogObject): boolean =>
    leavesOut.some(({ class: kind, name }) =>
      kind === '*'
        ? livesInSchema(object) && name.test(object.path[0] ?? '')
        : kind === object.class && name.test(object.name),
    )
  return { ...catalog, objects: catalog.objects.filter((object) => !isOut(object)) }
}

/** What else has a path of its own: a server named `auth` is in no schema. */
const OUTSIDE_SCHEMAS: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'extension',
  'language',
  'access method',
  'cast',
  'transform',
  'event trigger',
  'publication',
  'subscription',
  'foreign data wrapper',
  'server',
  'user mapping',
  'security label',
  'database',
  'role',
])

function livesInSchema({ class: kind }: CatalogObject): boolean {
  return !OUTSIDE_SCHEMAS.has(kind)
}
