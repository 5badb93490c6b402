// The stack as cdk would make it, with the context of cdk.json, but with an empty folder for every bundle.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, type AppProps } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import type { Config, RaingaugeConfig } from '../../lib/config/config.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'
import { RaingaugeStack, type RaingaugeStackProps } from '../../lib/infra/stack.ts'

/** A pair of age-keygen that opens archives of tests alone. */
export const AGE_PAIR = {
  recipient: 'age1pw03h0utzzu66j2ra7zhg5ahyle30rtfhg745345qmqw8tm4830qfezkln',
  identity: 'AGE-SECRET-KEY-1S2FJC2F7JCR22VF43VYCUF0Z42WMLMFH6SU2SRVNLDYMYYLX24CQT2LC5U',
}

export const EXAMPLE: RaingaugeConfig = {
  project: 'shop',
  environments: [
    { name: 'staging', url: { secret: 'shop/staging-url' } },
    {
      name: 'production',
      url: { secret: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/production-url-AbCdEf' },
    },
  ],
  slack: { webhook: { secret: 'shop/slack' } },
  archives: { encryption: { recipients: [AGE_PAIR.recipient], identity: { secret: 'shop/age-key' } } },
  deploy: { timeZone: 'Europe/Berlin', alarmEmail: 'ops@example.com' },
}

export type Resource = {
  id: string
  Type: string
  Properties: Record<string, unknown>
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export type Synthesized = {
  template: Record<string, unknown>
  /** The resources of a kind, such as `AWS::Lambda::Function`; all of them without one. */
  resources(type?: string): Resource[]
}

export function config(written: Partial<RaingaugeConfig> = {}): Config {
  return parseConfig({ ...EXAMPLE, ...written }, { source: 'test', base: '/', variables: {} })
}

/** Between them, these make every resource that there is. */
export const DEPLOYMENTS: Readonly<Record<string, () => Config>> = {
  plain: () => config(),
  'a bucket of its own, login by IAM': () =>
    config({
      store: 's3://acme-archives/raingauge',
      environments: [{ name: 'production', url: { secret: 'shop/production-url' }, iam: true }],
    }),
  fargate: () => config({ deploy: { compute: 'fargate', alarmEmail: 'ops@example.com' } }),
  'fleet, network, replica and chat': () =>
    config({
      archives: { lock: { days: 7 } },
      fleet: {
        databases: { query: 'SELECT name', url: { secret: 'shop/catalogue' } },
        url: { parameter: 'shop/fleet-url' },
        iam: true,
      },
      deploy: {
        account: '111122223333',
        region: 'eu-central-1',
        alarmChat: { workspace: 'T0AAAAAAA', channel: 'C0AAAAAAA' },
        replica: { region: 'eu-west-1' },
        secretKeys: ['arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000'],
        vpc: {
          id: 'vpc-0a1b2c3d',
          subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
          availabilityZones: ['eu-central-1a', 'eu-central-1b'],
          routeTables: ['rtb-0a1b2c3d'],
          endpoints: true,
        },
      },
    }),
}

/**
 * For an app without the rules of cdk itself, which take longer to start than all else that a worker synthesizes: rules.test.ts holds {@link DEPLOYMENTS}
 * against them, and synth.test.ts the command line.
 */
export const UNVALIDATED: AppProps = { builtinCloudFormationValidation: false }

const synthesized = new Map<string, Synthesized>()

/** Synthesizes in this process, a configuration without props only once for all tests of a file. */
export function synthesize(of: Config = config(), props: Partial<RaingaugeStackProps> = {}): Synthesized {
  if (Object.keys(props).length > 0) return synthesizeAnew(of, props)
  const key = JSON.stringify(of)
  const known = synthesized.get(key) ?? synthesizeAnew(of, props)
  synthesized.set(key, known)
  return known
}

function synthesizeAnew(of: Config, props: Partial<RaingaugeStackProps>): Synthesized {
  const { stack, remove } = stackOf(of, props)
  try {
    const template = Template.fromStack(stack).toJSON()
    const all = Object.entries(
      template['Resources'] as Record<string, Omit<Resource, 'id' | 'Properties'> & Partial<Resource>>,
    )
    return {
      template,
      resources: (type) =>
        all
          .map(([id, resource]) => ({ id, ...resource, Properties: resource.Properties ?? {} }))
          .filter((each) => type === undefined || each.Type === type),
    }
  } finally {
    remove()
  }
}

/** The stack before anything was made of it, in an app of cdk.json with these props. `remove`: its temp folder. */
export function stackOf(
  of: Config = config(),
  props: Partial<RaingaugeStackProps> = {},
  appProps: AppProps = UNVALIDATED,
): { stack: RaingaugeStack; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-synth-'))
  const asset = mkdtempSync(join(folder, 'asset-'))
  writeFileSync(join(asset, 'index.mjs'), '')
  const app = new App({ context: cdkJson().context, outdir: join(folder, 'out'), ...appProps })
  const assets = { check: asset, backup: asset, drill: asset, prune: asset }
  const stack = new RaingaugeStack(app, `Raingauge-${of.project}`, { config: of, assets, ...props })
  return { stack, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export type CdkJson = { app: string; notices: boolean; versionReporting: boolean; context: Record<string, unknown> }

export function cdkJson(): CdkJson {
  return JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as CdkJson
}
