import type { S3Client } from '@aws-sdk/client-s3'
import type { StoreLocation } from '../config/config.ts'
import type { Store } from './store.ts'

/**
 * The store that the configuration names. Only an S3 location calls `makeS3` and loads the S3 client, which is most of a
 * function's start. Opens nothing yet: what is wrong with the place shows at the first use.
 */
export async function openStore(location: StoreLocation, makeS3: () => Promise<S3Client>): Promise<Store> {
  switch (location.kind) {
    case 'directory': {
      const { directoryStore } = await import('./directory-store.ts')
      return directoryStore(location.path)
    }
    case 's3': {
      const [{ s3Store }, client] = await Promise.all([import('./s3-store.ts'), makeS3()])
      return s3Store(client, location)
    }
    default:
      return location satisfies never
  }
}
