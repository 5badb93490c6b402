// A network of yours for the functions: where they stand, whom they may call, and how they reach AWS from there.
import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib'
import {
  CfnVPCEndpoint,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2'
import { Effect, PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import type { Deployment } from '../config/deploy-config.ts'
import { secretsOfFleet } from '../config/fleet-document.ts'
import { FUNCTION_JOBS } from '../config/function-variables.ts'
import { secretsOfJob } from './secret-access.ts'

export type NetworkProps = { config: Config; vpc: NonNullable<Deployment['vpc']> }

/** What Lambda does with the role of a function to put it into a VPC (Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"). */
const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/** The subnets of the configuration, and a security group that lets nobody in, and out only to HTTPS and to databases. */
export class Network extends Construct {
  readonly vpc: IVpc
  readonly subnets: ISubnet[]
  readonly securityGroups: ISecurityGroup[]
  /** Where `endpoints` asks for them. */
  readonly endpoints: (CfnVPCEndpoint | InterfaceVpcEndpoint)[]
  /** The group that the databases must let in. */
  readonly groupId: CfnOutput

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id)
    const { config, vpc } = props
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: vpc.id,
      availabilityZones: [...new Set(vpc.availabilityZones)],
    })
    this.subnets = vpc.subnets.map((subnetId, index) => {
      const availabilityZone = vpc.availabilityZones[index]
      const subnet = Subnet.fromSubnetAttributes(this, `Subnet${index}`, {
        subnetId,
        ...(availabilityZone === undefined ? {} : { availabilityZone }),
      })
      Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'nothing here asks for it')
      return subnet
    })
    this.securityGroups = vpc.securityGroups?.map((groupId, index) =>
      SecurityGroup.fromSecurityGroupId(this, `Group${index}`, groupId, { mutable: false }),
    ) ?? [this.#makeGroup(config.project, vpc.ports)]
    this.groupId = new CfnOutput(this, 'GroupId', {
      value: this.securityGroups.map(({ securityGroupId }) => securityGroupId).join(','),
      description: 'What the security groups of the databases must let in',
    })
    this.endpoints = vpc.endpoints ? this.#makeEndpoints(config, vpc.routeTables) : []
  }

  /** For every function that shall stand in the network. */
  get placement(): Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
    return { vpc: this.vpc, vpcSubnets: { subnets: this.subnets }, securityGroups: this.securityGroups }
  }

  #makeGroup(project: string, ports: readonly number[]): SecurityGroup {
    const group = new SecurityGroup(this, 'Group', {
      vpc: this.vpc,
      description: `Raingauge ${project}: out to HTTPS and databases, in for nobody`,
      allowAllOutbound: false,
    })
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS and Slack')
    for (const port of ports) group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'databases')
    return group
  }

  /**
   * The services that the functions themselves call. S3 and SSM ask KMS by themselves, Lambda takes the logs by another way, and tokens of RDS
   * are made without a call, so none of these needs an endpoint; Slack has none.
   */
  #makeEndpoints(config: Config, routeTables: readonly string[]): Network['endpoints'] {
    const s3 = new CfnVPCEndpoint(this, 'S3', {
      vpcId: this.vpc.vpcId,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${Stack.of(this).region}.s3`,
      routeTableIds: [...routeTables],
    })
    const group = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: `Raingauge ${config.project}: in from its functions`,
      allowAllOutbound: false,
    })
    for (const from of this.securityGroups) group.addIngressRule(from, Port.tcp(443), 'functions of Raingauge')
    const secrets = [
      ...FUNCTION_JOBS.flatMap((job) => secretsOfJob(job, config)),
      ...secretsOfFleet(config.fleet).map(({ secret }) => secret),
    ]
    const kinds = new Set(secrets.map(({ kind }) => kind))
    if (config.fleet?.secrets != null) kinds.add('secrets-manager')
    const services = {
      SecretsManager: kinds.has('secrets-manager') ? InterfaceVpcEndpointAwsService.SECRETS_MANAGER : null,
      Ssm: kinds.has('parameter') ? InterfaceVpcEndpointAwsService.SSM : null,
      // Tasks send their logs from where they stand.
      Logs: config.deploy.compute === 'fargate' ? InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS : null,
    }
    const wanted = Object.entries(services).flatMap(([name, service]) => (service === null ? [] : [{ name, service }]))
    return [
      s3,
      ...wanted.map(
        ({ name, service }) =>
          new InterfaceVpcEndpoint(this, name, {
            vpc: this.vpc,
            service,
            subnets: { subnets: this.subnets },
            securityGroups: [group],
            // Would let in the whole VPC.
            open: false,
          }),
      ),
    ]
  }
}

/** Lets Lambda, and not the code of the function, handle network interfaces with its role. */
export function allowNetworkInterfaces(grantee: IGrantable): void {
  for (const statement of [
    { actions: INTERFACE_ACTIONS, resources: ['*'] },
    {
      effect: Effect.DENY,
      actions: INTERFACE_ACTIONS,
      resources: ['*'],
      // There only in calls that come from inside of a function (Developer Guide, "Using source function ARN to control function access behavior").
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    },
  ]) {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement))
  }
}
