import StrykerEnvironment from '@stryker-mutator/jest-runner/jest-env/node'

const NOTHING = /$^/

/** The environment of the tests of a mutant: after the first that fails, the rest of the file is skipped. */
export default class UntilKilled extends StrykerEnvironment {
  constructor(config, context) {
    super(config, context)
    const heard = this.handleTestEvent
    this.handleTestEvent = async (event, state) => {
      await heard(event, state)
      if (event.name === 'test_done' && event.test.errors.length > 0) state.testNamePattern = NOTHING
    }
  }
}
