// What each sslmode of libpq means for Node's TLS: manual, 34.19.1 "Client Verification of Server Certificates".
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { RaingaugeError } from '../error.ts'
import type { Target } from './target.ts'

/** TLS options for the target, or false where TLS is off. Throws `postgres.tls` where the root certificates cannot be read. */
export function tlsOptions(target: Target): ConnectionOptions | false {
  if (target.sslMode === 'disable' || target.host.startsWith('/')) return false
  const verify = target.sslMode === 'verify-ca' || target.sslMode === 'verify-full'
  return {
    // SNI names a host, never an address (RFC 6066, section 3).
    ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
    rejectUnauthorized: verify,
    ...(target.sslMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...trustedRoots(target.sslRootCert),
  }
}

/** Only `prefer` goes on in the clear when the server has no TLS. */
export function allowsPlaintext(target: Target): boolean {
  return target.sslMode === 'prefer'
}

/** Without a file: what Node trusts, with the roots of NODE_EXTRA_CA_CERTS; for `system`, also what the system trusts. */
function trustedRoots(path: string | undefined): ConnectionOptions {
  if (path === undefined) return {}
  if (path === 'system') {
    // Loading TLS takes as long as half a start of Node: who connects without it does not wait for it.
    const { getCACertificates } = process.getBuiltinModule('node:tls')
    return { ca: [...getCACertificates('default'), ...getCACertificates('system')] }
  }
  return { ca: readRoots(path) }
}

function readRoots(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new RaingaugeError('postgres.tls', `cannot read the root certificates ${path}`, {
      remedy: 'give sslrootcert the path of a readable PEM file',
      cause,
    })
  }
}
