/** One configuration for every suite: TypeScript through swc, as native ES modules (libxml2-wasm is one). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Products of others, which `npm run test:peers` and `npm run test:keycloak` install and start.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/peers/', '<rootDir>/test/keycloak/'],
  testTimeout: 20000,
  // A worker per core, the first one included: by itself jest keeps one core for watching the others.
  maxWorkers: '100%',
  // Modules of a finished file are not all given back.
  workerIdleMemoryLimit: '1500MB',
}
