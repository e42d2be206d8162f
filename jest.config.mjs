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
  // Products of others, which `npm run test:peers` installs and starts.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/peers/'],
  testTimeout: 20000,
}
