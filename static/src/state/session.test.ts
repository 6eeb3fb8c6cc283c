import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Client } from '../api/client'
import { NetworkError } from '../api/errors'
import type { Lesson, SnapshotHead, Step } from '../api/types'
import { errorOf, initialPage, isEdited, placeOf } from './page'
import { Session } from './session'
import { Store } from './store'
import { NOWHERE } from './url'

const steps = (count: number) => Array.from({ length: count }, (_, index) => ({ index }) as Step)
const head = (id: string, counts: number[], extra: Partial<SnapshotHead> = {}) =>
  ({
    id,
    program: { source: `source of ${id}`, seed: 0, overrides: [] },
    outcome: { status: 'completed', error: null },
    graphs: [],
    iterations: counts.map((count, index) => ({ index, graph: 0, loss: 0, steps: count })),
    ...extra,
  }) as SnapshotHead

function setUp(heads: SnapshotHead[], runs: string[] = []) {
  const byId = new Map(heads.map((one) => [one.id, one]))
  const lesson = (slug: string): Lesson => ({
    slug,
    title: slug,
    summary: '',
    text: '',
    html: '',
    source: `source of ${slug}`,
    snapshot: slug,
  })
  const client = {
    lessons: vi.fn(async () => [{ slug: 'neuron', title: 'One neuron', summary: '' }]),
    lesson: vi.fn(async (slug: string) => lesson(slug)),
    snapshot: vi.fn(async (id: string) => byId.get(id)),
    iteration: vi.fn(async (id: string, k: number) => ({
      index: k,
      steps: steps(byId.get(id)?.iterations[k]?.steps ?? 0),
    })),
    run: vi.fn(async (_source: string, _signal?: AbortSignal): Promise<unknown> => {
      return { snapshot: runs.shift(), outcome: { status: 'completed', error: null } }
    }),
  }
  const store = new Store(initialPage('light'))
  return { client, store, session: new Session(store, client as unknown as Client) }
}

beforeEach(() => {
  const stored = new Map<string, string>()
  vi.stubGlobal('window', {
    localStorage: {
      get length() {
        return stored.size
      },
      key: (i: number) => [...stored.keys()][i] ?? null,
      removeItem: (key: string) => stored.delete(key),
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (k: string, v: string) => stored.set(k, v),
    },
  })
})

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
  expect(placeOf(store.state)).toEqual({ ...NOWHERE, lesson: 'neuron', iteration: 0, step: 6 })
  await session.open({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine', step: 2 })
  expect(placeOf(store.state)).toEqual({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine', iteration: 0, step: 2 })
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
  expect(placeOf(store.state).step).toBeNull()
})

test('when the server is away, the last good picture and the program stay', async () => {
  const { store, session, client } = setUp([head('neuron', [14])])
  await session.open({ ...NOWHERE, step: 4 })
  session.edit('my program')
  client.run.mockRejectedValueOnce(new NetworkError())
  expect(await session.run()).toBe(false)
  expect(store.state).toMatchObject({ source: 'my program', step: 4, busy: null, notice: { kind: 'error' } })
  expect(store.state.head?.id).toBe('neuron')
})

test('a run can be cancelled', async () => {
  const { store, session, client } = setUp([head('neuron', [14])])
  await session.open(NOWHERE)
  client.run.mockImplementationOnce(
    (_source, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  )
  const run = session.run()
  expect(store.state.busy?.what).toBe('running')
  session.cancel()
  expect(await run).toBe(false)
  expect(store.state).toMatchObject({ busy: null, notice: null })
  expect(store.state.head?.id).toBe('neuron')
})

test('a draft survives a reload and is gone once it was run', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('mine', [7])], ['mine'])
  await session.open(NOWHERE)
  session.edit('my program')
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
  session.edit('my program')
  session.reset()
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

test('an iteration that cannot be fetched leaves the picture and its number', async () => {
  const { store, session, client } = setUp([head('loop', [9, 9, 9, 9])])
  await session.open({ ...NOWHERE, lesson: 'loop' })
  client.iteration.mockRejectedValueOnce(new NetworkError())
  await session.showIteration(3)
  expect(store.state).toMatchObject({ iteration: 0, busy: null, notice: { kind: 'error' } })
  expect(store.state.body?.index).toBe(0)
})

describe('a lesson that the server has not run yet', () => {
  const unrun = (slug: string) => ({ slug, source: `source of ${slug}`, snapshot: null }) as Lesson

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

  test('keeps what was typed meanwhile', async () => {
    const { store, session, client } = setUp([head('neuron', [14])])
    client.lesson.mockImplementationOnce(async (slug) => unrun(slug))
    await session.open(NOWHERE)
    session.edit('my program')
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

describe('run on change', () => {
  const raised = { type: 'NameError', message: '', line: 1, frames: [], phase: null, node: null, hint: null }

  test('keeps the step as far as there is one, the iteration and the node', async () => {
    const { store, session } = setUp(
      [head('loop', [9, 9]), head('other', [4, 4]), head('short', [2])],
      ['other', 'short'],
    )
    await session.open({ ...NOWHERE, lesson: 'loop', iteration: 1, step: 7 })
    session.edit('source of other')
    expect(await session.runLive()).toBe(true)
    expect(store.state).toMatchObject({ iteration: 1, step: 3, busy: null })
    session.edit('source of short')
    await session.runLive()
    expect(store.state).toMatchObject({ iteration: 0, step: 1 })
  })

  test('a failing program is told of and leaves the picture', async () => {
    const { store, session, client } = setUp([head('neuron', [14])], ['bad'])
    await session.open({ ...NOWHERE, step: 6 })
    session.edit('bad')
    const outcome = { status: 'failed', error: raised }
    client.run.mockImplementationOnce(async () => ({ snapshot: 'bad', outcome }))
    expect(await session.runLive()).toBe(false)
    expect(store.state).toMatchObject({
      step: 6,
      source: 'bad',
      failure: { source: 'bad', error: raised },
      notice: null,
    })
    expect(store.state.head?.id).toBe('neuron')
    expect(errorOf(store.state)).toBe(raised)
    session.edit('bad, mended')
    expect(errorOf(store.state)).toBeNull()
  })

  test('a newer run takes the place of an older one, whose fetch is given up', async () => {
    const { store, session, client } = setUp([head('neuron', [14]), head('new', [7])], ['new'])
    await session.open(NOWHERE)
    session.edit('old')
    let given = null as AbortSignal | null
    client.run.mockImplementationOnce((_source, signal) => {
      given = signal ?? null
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    })
    const old = session.runLive()
    session.edit('source of new')
    expect(await session.runLive()).toBe(true)
    expect(await old).toBe(false)
    expect(given?.aborted).toBe(true)
    expect(store.state).toMatchObject({ busy: null, notice: null, source: 'source of new' })
  })
})

test.each(['run', 'runLive'] as const)(
  'what is typed during a %s stays, as a draft of what comes next',
  async (way) => {
    const { store, session, client } = setUp([head('neuron', [14]), head('mine', [7])])
    await session.open(NOWHERE)
    session.edit('source of mine')
    client.run.mockImplementationOnce(async () => {
      session.edit('source of mine, and more')
      return { snapshot: 'mine', outcome: { error: null } } as never
    })
    expect(await session[way]()).toBe(true)
    expect(store.state.source).toBe('source of mine, and more')
    await session.open({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine' })
    expect(store.state.source).toBe('source of mine, and more')
  },
)

describe('drafts', () => {
  test('one that is found says so, and can be discarded', async () => {
    const first = setUp([head('neuron', [14])])
    await first.session.open(NOWHERE)
    first.session.edit('mine')
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    expect(store.state).toMatchObject({ source: 'mine', draft: { elsewhere: false } })
    expect(store.state.draft.restored).toBeGreaterThan(0)
    session.reset()
    expect(store.state).toMatchObject({ source: 'source of neuron', draft: { restored: null } })
    await session.open(NOWHERE)
    expect(store.state.source).toBe('source of neuron')
  })

  test('of two tabs are both kept, and can be swapped', async () => {
    const [first, second] = [setUp([head('neuron', [14])]), setUp([head('neuron', [14])])]
    await first.session.open(NOWHERE)
    await second.session.open(NOWHERE)
    first.session.edit('of the first')
    second.session.edit('of the second')
    second.session.swapDrafts()
    expect(second.store.state).toMatchObject({ source: 'of the first', draft: { other: true } })
    second.session.swapDrafts()
    expect(second.store.state.source).toBe('of the second')
  })

  test('that cannot be kept are told of once', async () => {
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    vi.spyOn(window.localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    session.edit('mine')
    expect(store.state.notice?.text).toContain('until this tab is closed')
    store.update({ notice: null })
    session.edit('mine, longer')
    expect(store.state.notice).toBeNull()
  })
})
