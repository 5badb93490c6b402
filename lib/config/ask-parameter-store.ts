// A file of its own: a bundle of what is imported lazily and by name here leaves the client's other 140 commands out (200 kB).
import { GetParameterCommand, SSMClient, type Parameter, type SSMClientConfig } from '@aws-sdk/client-ssm'

/** The parameter, decrypted. Throws what the SDK throws. */
export async function askParameterStore(id: string, settings: SSMClientConfig): Promise<Parameter | undefined> {
  const client = new SSMClient(settings)
  try {
    return (await client.send(new GetParameterCommand({ Name: id, WithDecryption: true }))).Parameter
  } finally {
    client.destroy()
  }
}
