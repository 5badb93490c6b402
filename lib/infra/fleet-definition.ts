// The state machine of a fleet, as Amazon States Language (states-language.net/spec.html; Step Functions Developer Guide, "Distributed mode").

/** How long a sweep may take, in seconds. One that takes longer is taken for dead: see claim-sweep.ts. */
export const SWEEP_TIMEOUT_SECONDS = 2 * 3600

/** Of one step, a little more than the function's own. */
const STEP_TIMEOUT_SECONDS = 960

const INVOKE = 'arn:aws:states:::lambda:invoke'

/** Errors of Lambda itself: the function was not, or may not have been, at fault. All steps may be done twice. */
const RETRY = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
]

/** What stands for what only the stack knows. */
export type FleetSubstitutions = Record<'Function' | 'Bucket' | 'Results', string>

/**
 * List, look, tell. One item is one batch of databases, which one function after the other looks at until it is through; that a batch fails is
 * tolerated, since the last step tells of every database of which nothing was written. `atOnce`: batches, and with them databases.
 */
export function fleetDefinition(atOnce: number) {
  return {
    Comment: 'Looks at every database of a fleet and tells what is new',
    StartAt: 'List',
    TimeoutSeconds: SWEEP_TIMEOUT_SECONDS,
    States: {
      List: {
        Type: 'Task',
        Resource: INVOKE,
        TimeoutSeconds: STEP_TIMEOUT_SECONDS,
        Parameters: {
          FunctionName: '${Function}',
          Payload: {
            step: 'list',
            'input.$': '$',
            'execution.$': '$$.Execution.Name',
            'startedAt.$': '$$.Execution.StartTime',
          },
        },
        ResultSelector: { 'held.$': '$.Payload.held', 'run.$': '$.Payload.run', 'key.$': '$.Payload.key' },
        Retry: RETRY,
        Next: 'Is it ours?',
      },
      'Is it ours?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.held', BooleanEquals: true, Next: 'Left to another' }],
        Default: 'Look at all',
      },
      'Left to another': { Type: 'Succeed' },
      'Look at all': {
        Type: 'Map',
        Label: 'Batches',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: '${Bucket}', 'Key.$': '$.key' },
        },
        MaxConcurrency: atOnce,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Look',
          States: {
            Look: {
              Type: 'Task',
              Resource: INVOKE,
              TimeoutSeconds: STEP_TIMEOUT_SECONDS,
              Parameters: { FunctionName: '${Function}', 'Payload.$': '$' },
              ResultSelector: {
                'step.$': '$.Payload.step',
                'run.$': '$.Payload.run',
                'batch.$': '$.Payload.batch',
                'from.$': '$.Payload.from',
                'done.$': '$.Payload.done',
              },
              Retry: RETRY,
              Next: 'Is that all?',
            },
            'Is that all?': {
              Type: 'Choice',
              Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Looked' }],
              Default: 'Look',
            },
            Looked: { Type: 'Succeed' },
          },
        },
        // The outcomes of thousands of batches are more than a state may hold.
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: '${Bucket}', Prefix: '${Results}' },
        },
        ResultPath: null,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Tell' }],
        Next: 'Tell',
      },
      Tell: {
        Type: 'Task',
        Resource: INVOKE,
        TimeoutSeconds: STEP_TIMEOUT_SECONDS,
        Parameters: { FunctionName: '${Function}', Payload: { step: 'tell', 'input.$': '$' } },
        ResultSelector: { 'fleet.$': '$.Payload' },
        Retry: RETRY,
        End: true,
      },
    },
  }
}
