// What libraries bring along and no function needs. Each is a plugin of esbuild with its reason; sizes are of one bundle.
import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { Plugin } from 'esbuild'

/**
 * Packages that are only ever imported lazily, in a branch that no function takes: bowser reads the browser's name (44 kB); prom-client writes the
 * metrics file, which a deployed configuration never names (97 kB with OpenTelemetry). pg-native and cloudflare:sockets are never installed here.
 */
export const NEVER_LOADED = ['bowser', 'prom-client', 'pg-native', 'cloudflare:sockets']

/** zod brings its messages in fifty languages, more than all the rest of a function's start together. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(setup) {
    setup.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
      loader: 'js',
    }))
  },
}

const OWN = ['lib', 'lambdas'].map((folder) => join(import.meta.dirname, '..', '..', folder) + sep)

/** Imported as `{ z }`, zod is one object with everything in it; as a namespace, only what is used comes along. */
const zodByName: Plugin = {
  name: 'zod-by-name',
  setup(setup) {
    setup.onLoad({ filter: /[/\\](?:lib|lambdas)[/\\].*\.[jt]s$/ }, async ({ path }) => {
      if (!OWN.some((folder) => path.startsWith(folder))) return undefined
      const text = await readFile(path, 'utf8')
      const contents = text.replace("import { z } from 'zod'", "import * as z from 'zod'")
      return contents === text ? undefined : { contents, loader: extname(path) === '.ts' ? 'ts' : 'js' }
    })
  },
}

/** Where credentials may come from on a machine with a profile, a browser or Kubernetes. */
const ELSEWHERE =
  /^@aws-sdk\/(?:credential-provider-(?:sso|ini|process|web-identity|cognito-identity|login)|token-providers)$/

/**
 * A function has its credentials in variables, a task gets them from its agent; the SDK asks those first and last, and in between sends for the clients
 * of four services (135 kB), which are told here to have none.
 */
const ownCredentialsOnly: Plugin = {
  name: 'own-credentials-only',
  setup(setup) {
    const namespace = 'no-credentials'
    setup.onResolve({ filter: ELSEWHERE }, ({ path }) => ({ path, namespace }))
    setup.onLoad({ filter: /.*/, namespace }, () => ({
      contents: NO_CREDENTIALS,
      loader: 'js',
      resolveDir: import.meta.dirname,
    }))
  },
}

/** As the chain of credentials wants to hear it: on to the next. */
const NO_CREDENTIALS = `
  const none = () => async () => {
    throw Object.assign(new Error('there are no such credentials in a function'), { name: 'CredentialsProviderError', tryNextLink: true })
  }
  export { none as fromSSO, none as fromIni, none as fromProcess, none as fromTokenFile, none as fromWebToken }
  export { none as fromCognitoIdentity, none as fromCognitoIdentityPool, none as fromLoginCredentials }
`

export const LEAVE_OUT: readonly Plugin[] = [englishOnly, zodByName, ownCredentialsOnly]
