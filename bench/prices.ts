// Public list prices of AWS in us-east-1, in US dollars, as their pages had them in November 2026. Other regions: up to a fifth more.
// https://aws.amazon.com/lambda/pricing/ · s3 · kms · secrets-manager · eventbridge · cloudwatch · sns · fargate · step-functions

/** `free`: what every account has of it each month, for ever, and shares with everything else in the account. */
export type Price = { usd: number; unit: string; free?: number }

export const PRICES = {
  lambdaArm: { usd: 0.0000133334, unit: 'GB-second', free: 400_000 },
  lambdaX86: { usd: 0.0000166667, unit: 'GB-second', free: 400_000 },
  lambdaRequest: { usd: 0.2 / 1e6, unit: 'request', free: 1e6 },
  /** Of /tmp, above the 512 MB that cost nothing. */
  lambdaStorage: { usd: 0.0000000309, unit: 'GB-second' },
  s3Write: { usd: 0.005 / 1000, unit: 'PUT, POST or LIST' },
  s3Read: { usd: 0.0004 / 1000, unit: 'GET or HEAD' },
  kmsKey: { usd: 1, unit: 'key' },
  kmsRequest: { usd: 0.03 / 10_000, unit: 'request', free: 20_000 },
  secret: { usd: 0.4, unit: 'secret' },
  schedule: { usd: 1 / 1e6, unit: 'start', free: 14e6 },
  alarm: { usd: 0.1, unit: 'alarm', free: 10 },
  /** Billed by the hour in which anything was sent: a metric that is sent once a day costs a 24th. */
  metric: { usd: 0.3, unit: 'metric, sent hourly', free: 10 },
  dashboard: { usd: 3, unit: 'dashboard', free: 3 },
  logs: { usd: 0.5, unit: 'GB of logs', free: 5 },
  mail: { usd: 2 / 100_000, unit: 'mail', free: 1000 },
  fargateCpuArm: { usd: 0.03238, unit: 'vCPU-hour' },
  fargateMemoryArm: { usd: 0.00356, unit: 'GB-hour' },
  publicAddress: { usd: 0.005, unit: 'hour of a public IPv4 address' },
  transition: { usd: 0.025 / 1000, unit: 'state transition', free: 4000 },
} as const satisfies Record<string, Price>

export type PriceName = keyof typeof PRICES
