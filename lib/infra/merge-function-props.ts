import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'

/** What is given for one function over what is given for all; of their environments each keeps its own variables. */
export function mergeFunctionProps(
  all: Partial<FunctionProps> = {},
  own: Partial<FunctionProps> = {},
): Partial<FunctionProps> {
  return { ...all, ...own, environment: { ...all.environment, ...own.environment } }
}
