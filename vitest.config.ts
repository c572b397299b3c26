import { defineConfig } from 'vitest/config'

const needsServers = { globalSetup: './test/support/setup.ts', testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    teardownTimeout: 30_000,
    reporters: ['default', './test/support/reporter.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: { name: 'live', include: ['test/{live,cases}/**/*.test.ts'], ...needsServers },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts', 'examples/*/test/**/*.test.ts'], ...needsServers },
      },
    ],
  },
})
