import type { SignerConfig } from '@aws-sdk/rds-signer'
import type { TokenRequest } from './rds-iam.ts'

/** A token of RDS IAM. `credentials`: default is where the AWS SDK looks for them. Nothing goes over the network but what finds them. */
export async function signRdsToken(request: TokenRequest, credentials?: SignerConfig['credentials']): Promise<string> {
  // Loaded only by who logs in so: it takes a tenth of a second.
  const { Signer } = await import('@aws-sdk/rds-signer')
  return await new Signer({ ...request, ...(credentials === undefined ? {} : { credentials }) }).getAuthToken()
}
