import { z } from 'zod'

/** Login by IAM as a person writes it: `true` takes the region from the host name. */
export type IamConfig = true | { region: string }

/** `region` null: the one in the host name. */
export type IamLogin = { region: string | null }

export const iamConfig: z.ZodType<IamConfig> = z.union(
  [z.literal(true), z.strictObject({ region: z.string().min(1) })],
  { error: "must be true or { region: 'eu-central-1' }" },
)

/** As it stands in the document that deploy time hands to run time. */
export const iamDocument: z.ZodType<IamLogin> = z.strictObject({ region: z.string().nullable() })

export function completeIam(written: IamConfig): IamLogin {
  return { region: written === true ? null : written.region }
}
