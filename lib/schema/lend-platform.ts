// What migrations lean on that a hosting platform has in every database: lent to a replay, and never part of a baseline.
import type { Platform } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'

/** By platform, the objects that its manual tells people to refer to, with the columns they have. Bodies are of no use to a replay. */
const LENT: Readonly<
  Record<Platform, { schemas: string; objects: Readonly<Record<string, string>>; settings?: string }>
> = {
  // The schemas of Supabase's auth, storage and realtime, written down from memory: not held against an instance yet.
  supabase: {
    schemas: 'auth extensions storage realtime vault',
    objects: {
      'TABLE auth.users': `(instance_id uuid, id uuid NOT NULL PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255),
        encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz, confirmation_sent_at timestamptz,
        last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean, created_at timestamptz,
        updated_at timestamptz, phone text UNIQUE, phone_confirmed_at timestamptz, confirmed_at timestamptz, banned_until timestamptz,
        is_sso_user boolean NOT NULL DEFAULT false, deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false)`,
      'TABLE auth.identities': `(id uuid NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, provider_id text NOT NULL,
        provider text NOT NULL, identity_data jsonb NOT NULL, email text, last_sign_in_at timestamptz, created_at timestamptz,
        updated_at timestamptz)`,
      'TABLE auth.sessions': `(id uuid NOT NULL PRIMARY KEY, user_id uuid NOT NULL, created_at timestamptz, updated_at timestamptz,
        not_after timestamptz, refreshed_at timestamp, user_agent text, ip inet, tag text)`,
      'TABLE storage.buckets': `(id text NOT NULL PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid, owner_id text, created_at timestamptz,
        updated_at timestamptz, public boolean DEFAULT false, avif_autodetection boolean DEFAULT false, file_size_limit bigint,
        allowed_mime_types text[])`,
      'TABLE storage.objects': `(id uuid NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text, name text, owner uuid,
        owner_id text, created_at timestamptz, updated_at timestamptz, last_accessed_at timestamptz, metadata jsonb, path_tokens text[],
        version text, user_metadata jsonb)`,
      'TABLE realtime.messages': `(id uuid NOT NULL DEFAULT gen_random_uuid(), topic text NOT NULL, extension text NOT NULL, payload jsonb,
        event text, private boolean DEFAULT false, inserted_at timestamp NOT NULL DEFAULT now(), updated_at timestamp NOT NULL DEFAULT now(),
        PRIMARY KEY (id, inserted_at))`,
      'FUNCTION auth.uid()': 'uuid',
      'FUNCTION auth.role()': 'text',
      'FUNCTION auth.email()': 'text',
      'FUNCTION auth.jwt()': 'jsonb',
      'FUNCTION storage.foldername(name text)': 'text[]',
      'FUNCTION storage.filename(name text)': 'text',
      'FUNCTION storage.extension(name text)': 'text',
      'FUNCTION realtime.topic()': 'text',
      'FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true)': 'void',
      'PUBLICATION supabase_realtime': '',
    },
    // As the roles of Supabase have it.
    settings: `SET search_path = "$user", public, extensions`,
  },
  // Of pg_session_jwt and Neon Auth; from memory too.
  neon: {
    schemas: 'auth neon_auth',
    objects: {
      'FUNCTION auth.user_id()': 'text',
      'FUNCTION auth.uid()': 'uuid',
      'FUNCTION auth.session()': 'jsonb',
      'TABLE neon_auth.users_sync': `(raw_json jsonb NOT NULL, id text NOT NULL PRIMARY KEY GENERATED ALWAYS AS (raw_json ->> 'id') STORED,
        name text, email text, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)`,
      'TABLE neon_auth."user"': `(id uuid NOT NULL PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE,
        "emailVerified" boolean NOT NULL, image text, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL)`,
    },
  },
  rds: { schemas: '', objects: {} },
}

/** True where a replay may go on with what the platform lends. */
export function lends(platform: Platform | 'none' | null): platform is Platform {
  return platform !== null && platform !== 'none' && LENT[platform].schemas !== ''
}

/** Makes them on an empty scratch database, each a member of an extension, which no catalog shows. */
export async function lendPlatform(client: Queryable, platform: Platform): Promise<void> {
  const { schemas, objects } = LENT[platform]
  for (const schema of schemas.split(' ').filter(Boolean)) {
    await client.query(`CREATE SCHEMA ${schema}; ALTER EXTENSION plpgsql ADD SCHEMA ${schema}`)
  }
  for (const [what, rest] of Object.entries(objects)) {
    if (what.startsWith('FUNCTION')) {
      await client.query(
        `CREATE ${what} RETURNS ${rest} LANGUAGE sql STABLE AS '${rest === 'void' ? 'SELECT' : `SELECT NULL::${rest}`}'`,
      )
    } else await client.query(`CREATE ${what} ${rest}`)
    // A publication cannot be a member: the preset leaves it out by its name.
    if (!what.startsWith('PUBLICATION')) {
      await client.query(`ALTER EXTENSION plpgsql ADD ${what.replace(/ DEFAULT \w+/, '')}`)
    }
  }
}

/** What the roles of the platform begin a session with. */
export function platformSettings(platform: Platform): string | undefined {
  return LENT[platform].settings
}
