import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // A third of a test's time is spent waiting for servers, child processes and timeouts: with two more than there are cores, none stands idle.
    maxWorkers: availableParallelism() + 2,
    // A worker takes one file after the other: to load the CDK, its rules and the AWS clients anew for each would take longer than many a file.
    isolate: false,
    // So that none leaves its environment to the next.
    unstubEnvs: true,
    // Beside three other workers on two cores.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // A test that is still red when tried again is the only honest one.
    retry: 0,
    allowOnly: false,
  },
})
