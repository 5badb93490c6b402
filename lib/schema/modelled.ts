// What the extractor reads, and what it does not: every catalog of the server is declared here, so that none is forgotten.

/**
 * `modelled`: its rows are objects of a {@link Catalog}, or facts of one, or parts of either. `data`: no schema. `server`: of the
 * whole server, not of one database. `unmodelled`: what people make there is named, and not compared.
 */
export type Coverage = 'modelled' | 'data' | 'server' | 'unmodelled'

/** Every catalog of majors 15 to 18 (manual, chapter 52). Whoever teaches the extractor a catalog marks it here. */
export const CATALOGS: Readonly<Record<string, Coverage>> = {
  pg_aggregate: 'modelled',
  pg_am: 'modelled',
  // Parts of operator families and classes.
  pg_amop: 'modelled',
  pg_amproc: 'modelled',
  pg_attrdef: 'modelled',
  pg_attribute: 'modelled',
  pg_auth_members: 'server',
  pg_authid: 'server',
  pg_cast: 'modelled',
  pg_class: 'modelled',
  pg_collation: 'modelled',
  pg_constraint: 'modelled',
  pg_conversion: 'modelled',
  pg_database: 'server',
  pg_db_role_setting: 'modelled',
  pg_default_acl: 'modelled',
  pg_depend: 'modelled',
  pg_description: 'modelled',
  pg_enum: 'modelled',
  pg_event_trigger: 'modelled',
  pg_extension: 'modelled',
  pg_foreign_data_wrapper: 'modelled',
  pg_foreign_server: 'modelled',
  pg_foreign_table: 'modelled',
  pg_index: 'modelled',
  pg_inherits: 'modelled',
  pg_init_privs: 'modelled',
  pg_language: 'modelled',
  pg_largeobject: 'data',
  pg_largeobject_metadata: 'data',
  pg_namespace: 'modelled',
  pg_opclass: 'modelled',
  pg_operator: 'modelled',
  pg_opfamily: 'modelled',
  pg_parameter_acl: 'server',
  pg_partitioned_table: 'modelled',
  pg_policy: 'modelled',
  pg_proc: 'modelled',
  pg_publication: 'modelled',
  // Parts of publications.
  pg_publication_namespace: 'modelled',
  pg_publication_rel: 'modelled',
  pg_range: 'modelled',
  pg_replication_origin: 'server',
  pg_rewrite: 'modelled',
  pg_seclabel: 'modelled',
  pg_sequence: 'modelled',
  pg_shdepend: 'server',
  pg_shdescription: 'modelled',
  pg_shseclabel: 'modelled',
  pg_statistic: 'data',
  pg_statistic_ext: 'modelled',
  pg_statistic_ext_data: 'data',
  pg_subscription: 'modelled',
  pg_subscription_rel: 'data',
  pg_tablespace: 'server',
  pg_transform: 'modelled',
  pg_trigger: 'modelled',
  pg_ts_config: 'modelled',
  pg_ts_config_map: 'modelled',
  pg_ts_dict: 'modelled',
  pg_ts_parser: 'modelled',
  pg_ts_template: 'modelled',
  pg_type: 'modelled',
  pg_user_mapping: 'modelled',
}

/**
 * Kinds within catalogs that are modelled but for those: SQL conditions that hold for what is not. A kind that a later major
 * brings is in none of these lists, and so is named. Indexes and TOAST tables are parts; so are array and row types, NOT NULL
 * constraints (the column's) and constraint triggers (triggers).
 */
export const UNMODELLED_KINDS: Readonly<Record<string, string>> = {
  pg_class: `relkind NOT IN ('r', 'p', 'v', 'm', 'S', 'f', 'c', 'i', 'I', 't')`,
  pg_constraint: `contype NOT IN ('p', 'u', 'f', 'c', 'x', 'n', 't')`,
  pg_proc: `prokind NOT IN ('f', 'p', 'w', 'a')`,
  pg_type: `typtype NOT IN ('b', 'c', 'd', 'e', 'r', 'm')`,
}
