// A copy of every archive in another region: the bucket over there, and the rule over here.
import { Stack, Stage, Token } from 'aws-cdk-lib'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { replicaNames, ReplicaStack } from './replica-stack.ts'
import { Replication } from './replication.ts'

export type ReplicaOptions = {
  /** As the stack knows its bucket; one that it did not make cannot be told to copy. */
  source: IBucket
  sourceKey: Key
  config: Pick<Config, 'project' | 'archives' | 'deploy'>
}

export type Replica = { stack: ReplicaStack; replication: Replication }

/** Copies archives to the region of `deploy.replica`, by a stack beside that of the scope; undefined where none is asked for. Throws {@link ConfigError}. */
export function addReplica(scope: Construct, options: ReplicaOptions): Replica | undefined {
  const { source, sourceKey, config } = options
  const { project, archives, deploy } = config
  if (deploy.replica === null) return undefined
  const { region, days } = deploy.replica
  const here = Stack.of(scope)
  refuse(here.region === region, `is ${region}, where the archives are`, 'name another region')
  refuse(
    !(source instanceof Bucket),
    'is for the bucket that the stack makes',
    'have your own bucket copied by a rule of yours',
  )
  const names = replicaNames(project, `${here.stackName} ${scope.node.path}`, region)
  const stack = new ReplicaStack(Stage.of(scope) ?? here.node.root, stackNameFor(here.stackName, project), {
    project,
    names,
    lock: archives.lock,
    days,
    env: { region, ...(Token.isUnresolved(here.account) ? {} : { account: here.account }) },
  })
  // S3 takes a rule only when the bucket that it names is there.
  here.addStackDependency(stack)
  const replication = new Replication(scope, 'Replication', { source: source as Bucket, sourceKey, names })
  return { stack, replication }
}

/** A stack may hold several projects, each with copies of its own. */
function stackNameFor(stackName: string, project: string): string {
  const word = project.replaceAll('_', '-')
  return stackName.endsWith(word) ? `${stackName}-replica` : `${stackName}-${word}-replica`
}

function refuse(isWrong: boolean, problem: string, remedy: string): void {
  if (isWrong) throw new ConfigError([{ place: 'deploy.replica', problem, remedy }])
}
