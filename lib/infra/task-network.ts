// Where tasks stand: in the network of the configuration, else in a small one of their own.
import {
  GatewayVpcEndpointAwsService,
  SecurityGroup,
  SubnetType,
  Vpc,
  type ISecurityGroup,
  type IVpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Network } from './network.ts'

export type TaskNetworkProps = {
  project: string
  /** Where `deploy.vpc` names one. */
  network: Network | undefined
}

/** A VPC of its own has public subnets alone: a NAT gateway would cost ten times what the tasks do. Nobody gets in either way. */
export class TaskNetwork extends Construct {
  readonly vpc: IVpc
  readonly subnets: SubnetSelection
  readonly securityGroups: ISecurityGroup[]
  /** Without a NAT gateway, the way out is a public address. */
  readonly publicIp: boolean

  constructor(scope: Construct, id: string, props: TaskNetworkProps) {
    super(scope, id)
    const { project, network } = props
    this.publicIp = network === undefined
    if (network !== undefined) {
      this.vpc = network.vpc
      this.subnets = { subnets: network.subnets }
      this.securityGroups = network.securityGroups
      return
    }
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }],
      // Archives do not leave the network of AWS.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Nothing uses the default group, and emptying it would take a function with rights over security groups.
      restrictDefaultSecurityGroup: false,
    })
    this.subnets = { subnetType: SubnetType.PUBLIC }
    this.securityGroups = [
      new SecurityGroup(this, 'Group', {
        vpc: this.vpc,
        description: `Raingauge ${project}: out to wherever the databases are, in for nobody`,
        allowAllOutbound: true,
      }),
    ]
  }
}
