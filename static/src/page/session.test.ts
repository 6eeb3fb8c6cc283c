import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NetworkError } from '../api/errors'
import type { Lesson, Node, Step } from '../core/contract'
import { graphOf } from '../core/testing'
import { atStop } from '../features/lessons/lesson-stops'
import type { SessionParts } from './session'
import { currentPlace, isEdited } from './state'
import { head, setUp, stubStorage, type Tell } from './testing'
import { NOWHERE } from './url'

const WITH_LESSONS: SessionParts = { hooks: { openingPlace: (place, lesson) => atStop(place, lesson, new Set()) } }

beforeEach(stubStorage)

test('a newcomer sees the neuron, already run, at its first step', async () => {
  const { store, session } = setUp([head('neuron', [14])])
  await session.open(NOWHERE)
  expect(store.state).toMatchObject({ step: 0, iteration: 0, own: false, busy: null, source: 'source of neuron' })
  expect(store.state.lesson?.slug).toBe('neuron')
  expect(store.state.body?.steps).toHaveLength(14)
})

test('a link shows its step, its iteration and its node; too large numbers show the last', async () => {
  const { store, session } = setUp([head('loop', [5, 9])])
  await session.open({ ...NOWHERE, lesson: 'loop', iteration: 1, step: 6, node: 'n3' })
  expect(store.state).toMatchObject({ iteration: 1, step: 6, selected: 'n3' })
  await session.open({ ...NOWHERE, lesson: 'loop', iteration: 70, step: 600 })
  expect(store.state).toMatchObject({ iteration: 1, step: 8, selected: null })
})

test('what is shown has the address that shows it', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('mine', [7])])
  await session.open({ ...NOWHERE, lesson: 'neuron', step: 6 })
  expect(currentPlace(store.state)).toEqual({ ...NOWHERE, lesson: 'neuron', iteration: 0, step: 6 })
  await session.open({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine', step: 2 })
  expect(currentPlace(store.state)).toEqual({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine', iteration: 0, step: 2 })
})

test('the stop of a lesson is in the address, is held within the lesson, and stays when the program is run', async () => {
  const { client, store, session } = setUp([head('neuron', [14]), head('mine', [7])], ['mine'], WITH_LESSONS)
  const lesson = await client.lesson('neuron')
  const stop = { title: 'A', html: '', iteration: 0, step: 9, node: 'n3', questions: [], explanation: null }
  client.lesson.mockResolvedValue({ ...lesson, stops: [stop, stop] })
  await session.open({ ...NOWHERE, lesson: 'neuron', stop: 2 })
  expect(store.state).toMatchObject({ stop: 2, step: 9, selected: 'n3' })
  expect(currentPlace(store.state)).toMatchObject({ lesson: 'neuron', stop: 2, step: 9 })
  await session.run()
  expect(store.state).toMatchObject({ own: true, stop: 2, step: 0 })
  await session.open({ ...NOWHERE, lesson: 'neuron', stop: 99 })
  expect(store.state).toMatchObject({ stop: 3, step: 0 })
  await session.open({ ...NOWHERE, snapshot: 'mine', stop: 1, step: 2 })
  expect(currentPlace(store.state)).toMatchObject({ lesson: null, stop: null, step: 2 })
})

test('a run of the same shape stays at its step, another starts from the beginning', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('same', [14]), head('other', [3])], ['same', 'other'])
  await session.open({ ...NOWHERE, lesson: 'neuron', step: 6 })
  expect(await session.run()).toBe(true)
  expect(store.state).toMatchObject({ own: true, step: 6 })
  expect(store.state.head?.id).toBe('same')
  await session.run()
  expect(store.state).toMatchObject({ step: 0, iteration: 0 })
})

test('a failed run shows what failed', async () => {
  const error = { type: 'RuntimeError', message: '', line: 3, frames: [], phase: null, node: 'n4', hint: null }
  const failed = head('bad', [4, 6], { outcome: { status: 'failed', error } })
  const { store, session } = setUp([head('neuron', [14]), failed], ['bad'])
  await session.open(NOWHERE)
  await session.run()
  expect(store.state).toMatchObject({ iteration: 1, step: 5, selected: 'n4' })
})

test('a program that draws nothing is shown without a picture', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('empty', [])], ['empty'])
  await session.open(NOWHERE)
  await session.run()
  expect(store.state).toMatchObject({ body: null, step: 0, notice: null })
  expect(currentPlace(store.state).step).toBeNull()
})

test('when the server is away, the last good picture and the program stay', async () => {
  const { store, session, client } = setUp([head('neuron', [14])])
  await session.open({ ...NOWHERE, step: 4 })
  session.drafting.edit('my program')
  client.run.mockRejectedValueOnce(new NetworkError())
  expect(await session.run()).toBe(false)
  expect(store.state).toMatchObject({ source: 'my program', step: 4, busy: null, notice: { kind: 'error' } })
  expect(store.state.head?.id).toBe('neuron')
})

test('a run can be cancelled', async () => {
  const { store, session, client } = setUp([head('neuron', [14])])
  await session.open(NOWHERE)
  client.run.mockImplementationOnce(
    (_source, _tell, signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  )
  const run = session.run()
  expect(store.state.busy?.what).toBe('running')
  session.cancel()
  expect(await run).toBe(false)
  expect(store.state).toMatchObject({ busy: null, notice: { kind: 'info' } })
  expect(store.state.notice?.text).toContain('cancelled')
  expect(store.state.head?.id).toBe('neuron')
  await session.open(NOWHERE)
  expect(store.state.notice).toBeNull()
})

test('what is told of a run is on show while it goes on, and nothing of one that was given up', async () => {
  const { store, session, client } = setUp([head('neuron', [14])])
  await session.open(NOWHERE)
  let tell: Tell = () => undefined
  client.run.mockImplementationOnce((_source, told, signal) => {
    tell = told
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  })
  const run = session.run()
  tell({ what: 'queued', position: 3 })
  expect(store.state.busy).toMatchObject({ what: 'running', progress: { position: 3 } })
  session.cancel()
  tell({ what: 'queued', position: 2 })
  await run
  expect(store.state.busy).toBeNull()
})

test('a draft survives a reload and is gone once it was run', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('mine', [7])], ['mine'])
  await session.open(NOWHERE)
  session.drafting.edit('my program')
  await session.open(NOWHERE)
  expect(store.state.source).toBe('my program')
  expect(isEdited(store.state)).toBe(true)
  await session.run()
  await session.open(NOWHERE)
  expect(store.state.source).toBe('source of neuron')
})

test('reset brings back the program that was run', async () => {
  const { store, session } = setUp([head('neuron', [14])])
  await session.open(NOWHERE)
  session.drafting.edit('my program')
  session.drafting.reset()
  expect(isEdited(store.state)).toBe(false)
})

test('iterations are changed at the same step, within the run', async () => {
  const { store, session } = setUp([head('loop', [9, 9, 4])])
  await session.open({ ...NOWHERE, lesson: 'loop', step: 7 })
  await session.showIteration(1)
  expect(store.state).toMatchObject({ iteration: 1, step: 7, busy: null })
  await session.showIteration(99)
  expect(store.state).toMatchObject({ iteration: 2, step: 3 })
})

test('an iteration with another graph is shown at the same step and the same node', async () => {
  const first = graphOf(
    [
      ['w', null],
      ['mul:mul', null],
      ['sum:sum', null],
    ],
    [],
  )
  const other = {
    ...graphOf(
      [
        ['x', null],
        ['mul2:mul', null],
        ['w2', null],
      ],
      [],
    ),
    id: 1,
  }
  const rename = (id: string) => ({ ...other.nodes.find((node) => node.id === id), name: id.replace('2', '') }) as Node
  const graphs = [first, { ...other, nodes: [rename('x'), rename('mul2'), rename('w2')] }]
  const { store, session, client } = setUp([head('loop', [3, 3], { graphs })])
  const bodies = [
    ['w', 'mul', 'sum'],
    ['x', 'mul2', 'w2'],
  ].map((nodes, k) => ({
    index: k,
    graph: k,
    steps: nodes.map((node, index) => ({ index, node, kind: index === 1 ? 'operation' : 'leaf', pass: null }) as Step),
  }))
  client.iteration.mockImplementation(async (_, k) => bodies[k] as (typeof bodies)[0])
  await session.open({ ...NOWHERE, lesson: 'loop', step: 1, node: 'w' })
  await session.showIteration(1)
  expect(store.state).toMatchObject({ iteration: 1, step: 1, selected: 'w2' })
  session.select('x')
  await session.showIteration(0)
  expect(store.state).toMatchObject({ iteration: 0, step: 1, selected: null })
})

test('an iteration that cannot be fetched leaves the picture and its number', async () => {
  const { store, session, client } = setUp([head('loop', [9, 9, 9, 9])])
  await session.open({ ...NOWHERE, lesson: 'loop' })
  client.iteration.mockRejectedValueOnce(new NetworkError())
  await session.showIteration(3)
  expect(store.state).toMatchObject({ iteration: 0, busy: null, notice: { kind: 'error' } })
  expect(store.state.body?.index).toBe(0)
})

describe('a lesson that the server has not run yet', () => {
  const unrun = (slug: string) =>
    ({ slug, source: `source of ${slug}`, stops: [] as Lesson['stops'], snapshot: null }) as Lesson

  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  test('is shown without a picture, which comes by itself, at the step of the link', async () => {
    const { store, session, client } = setUp([head('neuron', [14])])
    client.lesson
      .mockImplementationOnce(async (slug) => unrun(slug))
      .mockImplementationOnce(async (slug) => unrun(slug))
    await session.open({ ...NOWHERE, step: 6 })
    expect(store.state).toMatchObject({ head: null, source: 'source of neuron', busy: { what: 'preparing' } })
    await vi.advanceTimersByTimeAsync(600)
    expect(store.state.body).toBeNull()
    await vi.advanceTimersByTimeAsync(600)
    expect(store.state).toMatchObject({ step: 6, own: false, busy: null })
    expect(store.state.body?.steps).toHaveLength(14)
    expect(client.lesson).toHaveBeenCalledTimes(3)
  })

  test('is read meanwhile: the picture comes at the stop where the reader is then', async () => {
    const { store, session, client } = setUp([head('neuron', [14])], [], WITH_LESSONS)
    const lesson = await client.lesson('neuron')
    const stops = [4, 9].map((step) => ({
      title: '',
      html: '',
      iteration: 0,
      step,
      node: null,
      questions: [],
      explanation: null,
    }))
    const waiting = stops.map((stop) => ({ ...stop, iteration: null, step: null }))
    client.lesson.mockResolvedValue({ ...lesson, stops })
    client.lesson.mockResolvedValueOnce({ ...lesson, stops: waiting as never, snapshot: null as never })
    await session.open({ ...NOWHERE, stop: 1 })
    expect(store.state).toMatchObject({ head: null, stop: 1 })
    store.update({ stop: 2 })
    await vi.advanceTimersByTimeAsync(600)
    expect(store.state).toMatchObject({ stop: 2, step: 9, busy: null })
  })

  test('keeps what was typed meanwhile', async () => {
    const { store, session, client } = setUp([head('neuron', [14])])
    client.lesson.mockImplementationOnce(async (slug) => unrun(slug))
    await session.open(NOWHERE)
    session.drafting.edit('my program')
    await vi.advanceTimersByTimeAsync(600)
    expect(store.state.head?.id).toBe('neuron')
    expect(store.state.source).toBe('my program')
  })

  test('is no longer waited for when the reader does something else', async () => {
    const { store, session, client } = setUp([head('neuron', [14]), head('loop', [9]), head('mine', [7])], ['mine'])
    client.lesson.mockImplementationOnce(async (slug) => unrun(slug))
    await session.open(NOWHERE)
    expect(await session.run()).toBe(true)
    client.lesson.mockImplementationOnce(async (slug) => unrun(slug))
    await session.open(NOWHERE)
    await session.open({ ...NOWHERE, lesson: 'loop' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(store.state.head?.id).toBe('loop')
  })

  test('is waited for two minutes, not for ever', async () => {
    const { store, session, client } = setUp([])
    client.lesson.mockImplementation(async (slug) => unrun(slug))
    await session.open(NOWHERE)
    await vi.advanceTimersByTimeAsync(119_000)
    expect(store.state.busy?.what).toBe('preparing')
    await vi.advanceTimersByTimeAsync(2000)
    expect(store.state).toMatchObject({ busy: null, notice: null, head: null })
  })
})
