import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Most of a test's time is spent waiting for servers and child processes.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test that is still red when tried again is the only honest one.
    retry: 0,
    allowOnly: false,
  },
})
