// The CDK app: configuration -> functions bundled -> one stack. `cdk.json` runs it.
import { Annotations, App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { ConfigError } from '../lib/config/config-error.ts'
import { describeError, RaingaugeError } from '../lib/error.ts'
import { RaingaugeStack } from '../lib/infra/stack.ts'
import { readDeployment } from './read-deployment.ts'

try {
  const { config, example } = await readDeployment(process.cwd(), process.env, process.arch)
  const app = new App()
  // Names of stacks have no underscore (CloudFormation, CreateStack, StackName).
  const stack = new RaingaugeStack(app, `Raingauge-${config.project.replaceAll('_', '-')}`, { config })
  if (example) {
    Annotations.of(stack).addWarningV2('raingauge:example', 'There is no raingauge.config.ts: this is the example.')
  }
  // What they find ends the synthesis, as what cdk itself finds does.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  app.synth()
} catch (error) {
  if (!(error instanceof RaingaugeError)) throw error
  const faults = error instanceof ConfigError ? error.faults : []
  const lines = faults.map(({ place, problem, remedy }) => `${place}: ${problem} (${remedy})`)
  process.stderr.write(`${lines.join('\n') || describeError(error)}\n`)
  process.exitCode = error instanceof ConfigError ? 78 : 1
}
