import { schemeStep } from '../../../src/proxy-service/steps.ts'
import { readStepForm, type StepFields } from '../../../src/relay/form.ts'
import { asked, fault, low, naturalSet, substantial } from '../profiles/samples.ts'
import { posted } from '../relay/posted.ts'
import { app, card, register, suspended } from './samples.ts'

const requester = { entityId: 'https://connector.example/metadata', name: 'Connector', country: 'XB' }
const form = { action: '/step', flow: 'handle' }

const at = (level: string) =>
  ({ ...asked, attributes: naturalSet, loa: { comparison: 'minimum', levels: [level] } }) as const

const fields = (body: string): StepFields => readStepForm(posted(body))

const step = schemeStep([card, app, register])

describe('the scheme step', () => {
  test('R-IA-19: offers the schemes that can give what is asked, as citizens call them, and no more of them', () => {
    expect(step.pose(at(low), requester, form)).toEqual({
      page: 'scheme',
      form,
      relyingParty: asked.relyingParty.name,
      destination: 'XB',
      schemes: [
        { name: 'card', displayName: 'Identity card' },
        { name: 'app', displayName: 'App' },
      ],
    })
  })

  test('R-IA-19: asks nothing where one scheme fits, or is left, or was chosen', () => {
    expect(step.pose(at(substantial), requester, form)).toBeUndefined()
    expect(schemeStep([card, suspended(app)]).pose(at(low), requester, form)).toBeUndefined()
    expect(step.pose({ ...at(low), scheme: 'app' }, requester, form)).toBeUndefined()
  })

  test('puts the choice into the request', () => {
    expect(step.apply(at(low), fields('scheme=app'))).toEqual({ ...at(low), scheme: 'app' })
  })

  test.each(['scheme=other', 'scheme=register', 'scheme=', 'scheme=App', 'scheme=__proto__', 'action=continue'])(
    'STEP_INPUT for %s, which is not among those offered',
    (body) => {
      expect(() => step.apply(at(low), fields(body))).toThrow(fault('STEP_INPUT'))
    },
  )

  test('STEP_INPUT for a scheme that does not reach the level', () => {
    expect(() => step.apply(at(substantial), fields('scheme=app'))).toThrow(fault('STEP_INPUT'))
  })

  test('R-LAW-22: AUTHN_FAILED for one that was suspended while the page was open', () => {
    expect(() => schemeStep([card, suspended(app)]).apply(at(low), fields('scheme=app'))).toThrow(fault('AUTHN_FAILED'))
  })
})
