import { beforeEach, describe, expect, test, vi } from 'vitest'
import { errorOf } from './state'
import { head, setUp, stubStorage } from './testing'
import { NOWHERE } from './url'

beforeEach(stubStorage)

describe('run on change', () => {
  const raised = { type: 'NameError', message: '', line: 1, frames: [], phase: null, node: null, hint: null }

  test('keeps the step as far as there is one, the iteration and the node', async () => {
    const { store, session } = setUp(
      [head('loop', [9, 9]), head('other', [4, 4]), head('short', [2])],
      ['other', 'short'],
    )
    await session.open({ ...NOWHERE, lesson: 'loop', iteration: 1, step: 7 })
    session.drafting.edit('source of other')
    expect(await session.runLive()).toBe(true)
    expect(store.state).toMatchObject({ iteration: 1, step: 3, busy: null })
    session.drafting.edit('source of short')
    await session.runLive()
    expect(store.state).toMatchObject({ iteration: 0, step: 1 })
  })

  test('a failing program is told of and leaves the picture', async () => {
    const { store, session, client } = setUp([head('neuron', [14])], ['bad'])
    await session.open({ ...NOWHERE, step: 6 })
    session.drafting.edit('bad')
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
    session.drafting.edit('bad, mended')
    expect(errorOf(store.state)).toBeNull()
  })

  test('a newer run takes the place of an older one, whose fetch is given up', async () => {
    const { store, session, client } = setUp([head('neuron', [14]), head('new', [7])], ['new'])
    await session.open(NOWHERE)
    session.drafting.edit('old')
    let given = null as AbortSignal | null
    client.run.mockImplementationOnce((_source, _tell, signal) => {
      given = signal ?? null
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    })
    const old = session.runLive()
    session.drafting.edit('source of new')
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
    session.drafting.edit('source of mine')
    client.run.mockImplementationOnce(async () => {
      session.drafting.edit('source of mine, and more')
      return { snapshot: 'mine', outcome: { error: null } } as never
    })
    expect(await session[way]()).toBe(true)
    expect(store.state.source).toBe('source of mine, and more')
    await session.open({ ...NOWHERE, lesson: 'neuron', snapshot: 'mine' })
    expect(store.state.source).toBe('source of mine, and more')
  },
)

test('who opens the lesson again goes on with what was run on change, until it is run by hand', async () => {
  const { store, session } = setUp([head('neuron', [14]), head('mine', [7])], ['mine', 'mine'])
  await session.open(NOWHERE)
  store.update({ live: true })
  session.drafting.edit('source of mine')
  expect(await session.runLive()).toBe(true)
  await session.open(NOWHERE)
  expect(store.state.source).toBe('source of mine')
  expect(store.state.draft.restored).not.toBeNull()
  store.update({ live: false })
  await session.run()
  await session.open(NOWHERE)
  expect(store.state).toMatchObject({ source: 'source of neuron', draft: { restored: null } })
})

describe('drafts', () => {
  test('one that is found says so, and can be discarded', async () => {
    const first = setUp([head('neuron', [14])])
    await first.session.open(NOWHERE)
    first.session.drafting.edit('mine')
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    expect(store.state).toMatchObject({ source: 'mine', draft: { elsewhere: false } })
    expect(store.state.draft.restored).toBeGreaterThan(0)
    session.drafting.reset()
    expect(store.state).toMatchObject({ source: 'source of neuron', draft: { restored: null } })
    await session.open(NOWHERE)
    expect(store.state.source).toBe('source of neuron')
  })

  test('of two tabs are both kept, and can be swapped', async () => {
    const [first, second] = [setUp([head('neuron', [14])]), setUp([head('neuron', [14])])]
    await first.session.open(NOWHERE)
    await second.session.open(NOWHERE)
    first.session.drafting.edit('of the first')
    second.session.drafting.edit('of the second')
    second.session.drafting.swapDrafts()
    expect(second.store.state).toMatchObject({ source: 'of the first', draft: { other: true } })
    second.session.drafting.swapDrafts()
    expect(second.store.state.source).toBe('of the second')
  })

  test('that cannot be kept are told of once', async () => {
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    vi.spyOn(window.localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    session.drafting.edit('mine')
    expect(store.state.notice?.text).toContain('until this tab is closed')
    store.update({ notice: null })
    session.drafting.edit('mine, longer')
    expect(store.state.notice).toBeNull()
  })
})

describe('a text that is put into the editor', () => {
  test('asks and keeps nothing where nothing was edited', async () => {
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    session.drafting.put('built')
    expect(store.state).toMatchObject({ source: 'built', draft: { other: false, restored: null } })
  })

  test('leaves what the reader had written where it can be had back', async () => {
    const { store, session } = setUp([head('neuron', [14])])
    await session.open(NOWHERE)
    session.drafting.edit('mine')
    session.drafting.put('built')
    expect(store.state).toMatchObject({ source: 'built', draft: { other: true } })
    session.drafting.swapDrafts()
    expect(store.state.source).toBe('mine')
    session.drafting.swapDrafts()
    expect(store.state.source).toBe('built')
  })
})
