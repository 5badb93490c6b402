// A file of its own: a bundle of what is imported lazily and by name here leaves the client's other commands out.
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager'

/** The text of the secret; undefined where it holds bytes. Throws what the SDK throws. */
export async function askSecretsManager(id: string, settings: SecretsManagerClientConfig): Promise<string | undefined> {
  const client = new SecretsManagerClient(settings)
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString
  } finally {
    client.destroy()
  }
}
