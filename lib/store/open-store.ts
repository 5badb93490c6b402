import type { S3Client } from '@aws-sdk/client-s3'
import type { StoreLocation } from '../config/config.ts'
import { directoryStore } from './directory-store.ts'
import type { Store } from './store.ts'
export async function openStore(location: StoreLocation, _makeS3: () => Promise<S3Client>): Promise<Store> {
  if (location.kind === 'directory') return directoryStore(location.path)
  throw new Error('S3 is being built')
}
