import { resolve } from 'node:path'
import { Fn, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { deployableConfig } from '../config/deployable-config.ts'
import { Raingauge, type RaingaugeProps } from './raingauge.ts'

export type RaingaugeStackProps = StackProps & RaingaugeProps

/** {@link Raingauge} as a stack of its own, in the account and region of the configuration. */
export class RaingaugeStack extends Stack {
  readonly raingauge: Raingauge

  constructor(scope: Construct, id: string, props: RaingaugeStackProps) {
    const config = deployableConfig(props.config, resolve(props.base ?? ''))
    const { project, deploy } = config
    const { account, region } = deploy
    super(scope, id, {
      description: `Raingauge: watches the databases of ${project}`,
      ...(account === undefined && region === undefined ? {} : { env: { account, region } }),
      ...props,
    })
    this.raingauge = new Raingauge(this, 'Raingauge', { ...props, config })
  }

  /** Two of its region, as the deployment finds them: to know their names, a synthesis would need credentials. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()))
  }
}
