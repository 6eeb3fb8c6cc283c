import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Finding } from '../../core/contract'
import { Store } from '../../core/store'
import { initialPage, type PageState } from '../../page/state'
import { head } from '../../page/testing'
import { FindingsWatch } from './findings-watch'

const finding = (line: number): Finding => ({
  code: 'dead-relu',
  severity: 'warning',
  graph: 0,
  node: null,
  others: [],
  line,
  iteration: null,
  iterations: 0,
  why: `Line ${line}.`,
  todo: 'Do.',
  docs: '',
})

function setUp() {
  const store = new Store<PageState>(initialPage('light'))
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  const client = { findings: vi.fn(async (_id: string, _signal?: AbortSignal): Promise<Finding[]> => [finding(1)]) }
  const host = { requestUpdate: vi.fn() }
  const panels = { showPanel: vi.fn() }
  const findings = new FindingsWatch({ store, client, session: {}, walk: { timeline: null }, host, panels } as never)
  findings.connect()
  return { store, client, findings, panels }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a run on show is looked at once', async () => {
  const { store, client } = setUp()
  store.update({ head: head('a', [2]) })
  store.update({ step: 1 })
  await vi.runAllTimersAsync()
  expect(client.findings).toHaveBeenCalledTimes(1)
  expect(store.state.findings).toEqual([finding(1)])
})

test('marks stay until the next run was looked at, and are the same object when they say the same', async () => {
  const { store, client } = setUp()
  store.update({ head: head('a', [2], { program: { source: 'x', seed: 0, overrides: [] } }) })
  await vi.runAllTimersAsync()
  const { findings } = store.state
  let answer: (found: Finding[]) => void = () => {}
  client.findings.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
  store.update({ head: head('b', [2], { program: { source: 'x\ny', seed: 0, overrides: [] } }) })
  expect(store.state.findings).toEqual(findings.map((one) => ({ ...one, graph: null })))
  answer(store.state.findings.map((one) => ({ ...one })))
  const carried = store.state.findings
  await vi.runAllTimersAsync()
  expect(store.state.findings).toBe(carried)
})

test('an answer for a run that is no longer on show is let go', async () => {
  const { store, client } = setUp()
  let late: (found: Finding[]) => void = () => {}
  client.findings.mockReturnValueOnce(new Promise((resolve) => (late = resolve)))
  store.update({ head: head('a', [2]) })
  store.update({ head: head('b', [2]) })
  await vi.runAllTimersAsync()
  late([finding(7)])
  await vi.runAllTimersAsync()
  expect(store.state.findings).toEqual([finding(1)])
})

test('a failure is told once, and takes nothing away', async () => {
  const { store, client } = setUp()
  client.findings.mockRejectedValue(new Error('gone'))
  store.update({ head: head('a', [2]) })
  await vi.runAllTimersAsync()
  expect(store.state.notice?.text).toContain('could not be looked up')
  expect(store.state.head?.id).toBe('a')
  expect(store.state.findings).toEqual([])
  store.update({ notice: null, head: head('b', [2]) })
  await vi.runAllTimersAsync()
  expect(store.state.notice).toBe(null)
})

test('who asks for the next one while they are looked up is taken there when they are there', async () => {
  const { store, client, findings, panels } = setUp()
  let answer: (found: Finding[]) => void = () => {}
  client.findings.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
  store.update({ head: head('a', [2]) })
  findings.turn(-1)
  expect(store.state.notice).toBe(null)
  answer([finding(1), finding(2)])
  await vi.runAllTimersAsync()
  expect(findings.chosen?.line).toBe(2)
  expect(panels.showPanel).toHaveBeenCalledExactlyOnceWith('findings')
})

test('who asked for one is told that there is none, and each time that they cannot be looked up', async () => {
  const { store, client, findings } = setUp()
  client.findings.mockResolvedValueOnce([])
  store.update({ head: head('a', [2]) })
  findings.turn(1)
  await vi.runAllTimersAsync()
  expect(store.state.notice?.text).toContain('Nothing was found')
  client.findings.mockRejectedValue(new Error('gone'))
  for (const id of ['b', 'c']) {
    store.update({ notice: null, head: head(id, [2]) })
    findings.turn(1)
    await vi.runAllTimersAsync()
    expect(store.state.notice?.text).toContain('could not be looked up')
  }
})

test('what was asked for of one run is not done to the next', async () => {
  const { store, client, findings } = setUp()
  client.findings.mockReturnValueOnce(new Promise(() => {}))
  store.update({ head: head('a', [2]) })
  findings.turn(1)
  store.update({ head: head('b', [2]) })
  await vi.runAllTimersAsync()
  expect(store.state.findings).toHaveLength(1)
  expect(findings.chosen).toBe(null)
})

test('under a moving hand nothing is asked; where it rests, once', async () => {
  const { store, client } = setUp()
  const variation = { moving: true } as PageState['variation']
  store.update({ head: head('a', [2]), variation })
  store.update({ head: head('b', [2]) })
  expect(client.findings).not.toHaveBeenCalled()
  store.update({ variation: { ...variation, moving: false } as PageState['variation'] })
  await vi.runAllTimersAsync()
  expect(client.findings.mock.calls.map(([id]) => id)).toEqual(['b'])
})

test('a pair of runs has none', async () => {
  const { store, client } = setUp()
  store.update({ head: head('a', [2]) })
  await vi.runAllTimersAsync()
  store.update({ head: head('pair', [2]), pair: {} as PageState['pair'] })
  await vi.runAllTimersAsync()
  expect(store.state.findings).toEqual([])
  expect(client.findings).toHaveBeenCalledTimes(1)
})
