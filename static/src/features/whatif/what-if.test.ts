import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Refused } from '../../api/errors'
import type { Iteration, Problem, SnapshotHead } from '../../core/contract'
import { Store } from '../../core/store'
import { Slices } from '../../page/slices'
import { initialPage, type PageState } from '../../page/state'
import { change, graph, leaf, operation, recorded, rerun } from './testing'
import { WhatIf } from './what-if'
import type { WhatIfSlice } from './what-if-state'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const square = recorded(1, [2])
const completed = { status: 'completed', error: null }
const copy = <T>(x: T): T => JSON.parse(JSON.stringify(x)) as T

/** A page that shows w = 1 with the loss 1; a run answers with w². */
function setUp() {
  const store = new Store<PageState>({ ...initialPage('light'), head: square.head, body: square.body, step: 2 })
  const asked: number[] = []
  const client = {
    run: vi.fn(async (_source: string, _tell: unknown, _signal?: AbortSignal, setting?: unknown): Promise<unknown> => {
      const { overrides } = setting as { overrides: { value: number }[] }
      const value = overrides.at(-1)?.value ?? 1
      asked.push(value)
      return { snapshot: String(value), outcome: completed }
    }),
    snapshot: vi.fn(async (id: string): Promise<SnapshotHead> => ({ ...copy(rerun(square, Number(id) ** 2)), id })),
    iteration: vi.fn(async (): Promise<Iteration> => copy(square.body)),
  }
  const session = { exchange: (head: SnapshotHead, patch: object) => store.update({ head, ...patch }) }
  const history = ['recorded']
  const address = {
    get link() {
      return store.state.head?.id ?? ''
    },
    push: () => void history.push(store.state.head?.id ?? ''),
    stay: (link: string) => void history.splice(-1, 1, link),
  }
  const slice = new Slices(store).add<WhatIfSlice>({ id: 'what-if', initial: { whatIf: null } })
  const source = new EventTarget()
  const run = vi.fn(async () => undefined)
  const whatIf = new WhatIf({ store, slice, session, client, address, run } as never, source)
  const rest = () => vi.advanceTimersByTimeAsync(5000)
  return { store, slice, asked, client, history, source, run, whatIf, rest }
}

test('a change is run with the seed of the recorded run, and its picture takes that one’s place in the same drawing', async () => {
  const { store, slice, client, whatIf, rest } = setUp()
  whatIf.set(change(3))
  expect(slice.state.whatIf).toMatchObject({ moving: true, shown: [], recorded: { head: { id: 'recorded' } } })
  await rest()
  const setting = { seed: 7, overrides: [{ name: 'w', index: [0], value: 3 }] }
  expect(client.run).toHaveBeenCalledWith('s', expect.anything(), expect.anything(), setting)
  expect(store.state).toMatchObject({ head: { id: '3' }, own: true, step: 2 })
  expect(store.state.head?.graphs[0]).toBe(square.head.graphs[0])
  expect(slice.state.whatIf).toMatchObject({ moving: false, shown: [change(3)], visited: [{ losses: [9] }] })
})

test('a hand that moves fast is followed by one run after the other, to where it rests', async () => {
  const { store, asked, whatIf, rest } = setUp()
  for (const value of [2, 3, 4, 5, 6]) whatIf.set(change(value))
  await rest()
  expect(asked).toEqual([2, 6])
  expect(store.state.head?.id).toBe('6')
})

test('the way back is at once, and what was under way is given up', async () => {
  const { store, whatIf, rest } = setUp()
  whatIf.set(change(3))
  await rest()
  whatIf.set(change(4))
  expect(whatIf.back()).toBe(true)
  expect(store.state).toMatchObject({ head: { id: 'recorded' }, own: false, variation: null })
  await rest()
  expect(store.state.head?.id).toBe('recorded')
  expect(whatIf.back()).toBe(false)
})

test('a number that is the recorded one again shows the recorded run and forgets nothing', async () => {
  const { store, slice, whatIf, rest } = setUp()
  whatIf.set(change(3))
  await rest()
  whatIf.set(change(1))
  expect(store.state).toMatchObject({ head: { id: 'recorded' }, variation: { moving: true } })
  expect(slice.state.whatIf).toMatchObject({ changes: [], shown: [] })
  expect(slice.state.whatIf?.visited).toHaveLength(1)
})

describe('what is kept', () => {
  test('has an address of its own, and Back leads to the recorded run', async () => {
    const { store, history, source, whatIf, rest } = setUp()
    whatIf.set(change(3))
    await rest()
    source.dispatchEvent(new CustomEvent('gw-what-if-end', { detail: { with: 'shown' } }))
    expect(store.state).toMatchObject({ head: { id: '3' }, own: true, variation: null })
    expect(history).toEqual(['recorded', '3'])
  })
  test('is what the hand asked for, also when that is still under way', async () => {
    const { slice, history, whatIf, rest } = setUp()
    whatIf.set(change(3))
    await rest()
    whatIf.set(change(4))
    whatIf.keep()
    expect(slice.state.whatIf).not.toBeNull()
    await rest()
    expect(history).toEqual(['recorded', '4'])
  })
})

describe('the last good picture stays', () => {
  test('when the program stops', async () => {
    const { store, slice, client, whatIf, rest } = setUp()
    const error = { type: 'ValueError', message: 'too large', line: 5 }
    client.run.mockResolvedValueOnce({ snapshot: 'x', outcome: { status: 'failed', error } })
    whatIf.set(change(3))
    await rest()
    expect(store.state.head?.id).toBe('recorded')
    const text = 'With w = 3 (recorded 1) the program stops in line 5: ValueError: too large'
    expect(slice.state.whatIf?.problem).toEqual({ text, again: null })
    whatIf.set(change(2))
    await rest()
    expect(store.state.head?.id).toBe('2')
    expect(slice.state.whatIf?.problem).toBeNull()
  })
  test('when the server refuses, which is asked again when it said, with the latest number', async () => {
    const { slice, client, asked, whatIf } = setUp()
    client.run.mockRejectedValueOnce(new Refused({ code: 'busy', detail: 'Too many wait.' } as Problem, 3))
    whatIf.set(change(3))
    await vi.advanceTimersByTimeAsync(0)
    expect(slice.state.whatIf?.problem).toEqual({ text: 'Too many wait.', again: 3 })
    whatIf.set(change(4))
    await vi.advanceTimersByTimeAsync(2900)
    expect(asked).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toEqual([4])
    expect(slice.state.whatIf).toMatchObject({ problem: null, shown: [change(4)] })
  })
  test('when the network is away', async () => {
    const { store, slice, client, whatIf, rest } = setUp()
    client.run.mockRejectedValueOnce(new Error('The server cannot be reached.'))
    whatIf.set(change(3))
    await rest()
    expect(store.state).toMatchObject({ head: { id: 'recorded' }, variation: { moving: false } })
    expect(slice.state.whatIf?.problem?.text).toBe('The server cannot be reached.')
  })
})

test('a program that takes another way is drawn, and that is told', async () => {
  const { store, slice, client, whatIf, rest } = setUp()
  const other = graph([leaf('n0', 'w'), operation('n1'), operation('n2'), operation('n3')])
  client.snapshot.mockResolvedValueOnce({ ...rerun(square, 9), id: 'other', graphs: [other] })
  whatIf.set(change(3))
  await rest()
  expect(store.state.head?.graphs[0]).toBe(other)
  expect(slice.state.whatIf?.otherWay).toContain('3 operations instead of 1')
})

test('another run that is opened ends it all', async () => {
  const { store, asked, whatIf, rest } = setUp()
  whatIf.set(change(3))
  whatIf.set(change(4))
  store.update({ head: rerun(square, 5), variation: null })
  await rest()
  expect(asked).toEqual([3])
  expect(store.state.head?.id).toBe('loss 5')
})

test('a kept run can be left for the program as it is written', () => {
  const { source, run } = setUp()
  source.dispatchEvent(new CustomEvent('gw-what-if-end', { detail: { with: 'program' } }))
  expect(run).toHaveBeenCalledOnce()
})
