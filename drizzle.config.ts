import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/server/db/models/Schema.ts',
  out: './migrations',
  migrations: { schema: 'public', table: '_drizzle_migrations' },
  // Only drizzle-kit's studio connects; generate and check open no database.
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
})
