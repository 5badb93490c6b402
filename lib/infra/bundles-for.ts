import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import { FUNCTION_JOBS, type FunctionJob } from '../config/function-variables.ts'
import { runBundler } from './run-bundler.ts'

/**
 * Folder with the bundle of each job, built here and now. Where cdk does not want this stack's assets (`cdk deploy AnotherStack`, or the context
 * `aws:cdk:bundling-stacks` of a unit test) nothing is built, and a folder of sources stands in, as it does for the functions of CDK itself.
 */
export function bundlesFor(scope: Construct, config: Config): Record<FunctionJob, string> {
  if (Stack.of(scope).bundlingRequired) return runBundler(config)
  return Object.fromEntries(FUNCTION_JOBS.map((job) => [job, import.meta.dirname])) as Record<FunctionJob, string>
}
