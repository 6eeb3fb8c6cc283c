import { describe, expect, test, vi } from 'vitest'
import type { RunProgress } from '../core/contract'
import { Client } from './client'
import { DamagedAnswer, isAbort, NetworkError, Refused } from './errors'

const json = (body: unknown, init?: ResponseInit) => new Response(JSON.stringify(body), init)
const clientOf = (answer: () => Promise<Response> | Response) => {
  const fetcher = vi.fn(async (_url: string, _init?: RequestInit) => answer())
  return { client: new Client('/api/v1', fetcher), fetcher }
}

test('a run posts the source as JSON', async () => {
  const { client, fetcher } = clientOf(() => new Response('event: done\ndata: {"snapshot":"abc"}\n\n'))
  expect(await client.run('import torch', () => undefined)).toEqual({ snapshot: 'abc' })
  const [url, init] = fetcher.mock.calls[0] ?? []
  expect(url).toBe('/api/v1/runs')
  expect(init?.method).toBe('POST')
  expect(new Headers(init?.headers).get('Accept')).toBe('text/event-stream')
  expect(JSON.parse(String(init?.body))).toEqual({ source: 'import torch', seed: 0, overrides: [] })
})

test.each([
  [(client: Client) => client.snapshot('a b'), '/api/v1/snapshots/a%20b'],
  [(client: Client) => client.iteration('id', 3), '/api/v1/snapshots/id/iterations/3'],
  [(client: Client) => client.observations('id', 3), '/api/v1/snapshots/id/iterations/3/observations'],
  [(client: Client) => client.tensor('id', 't9'), '/api/v1/snapshots/id/tensors/t9'],
  [(client: Client) => client.lesson('neuron'), '/api/v1/lessons/neuron'],
  [(client: Client) => client.build({}), '/api/v1/programs'],
])('%s asks %s', async (ask, url) => {
  const { client, fetcher } = clientOf(() => json({}))
  // the answer is no snapshot: only the question counts here
  await ask(client).catch(() => undefined)
  expect(fetcher.mock.calls[0]?.[0]).toBe(url)
})

test('a run tells how it gets on', async () => {
  const stream =
    'event: queued\ndata: {"position":3}\n\nevent: started\ndata: {"queued_ms":1.5}\n\n: comment\n\n' +
    'event: iteration\ndata: {"index":12,"loss":0.31,"turns":[]}\n\nevent: later\ndata: {}\n\nevent: done\ndata: {"snapshot":"s"}\n\n'
  const { client } = clientOf(() => new Response(stream))
  const told: RunProgress[] = []
  expect(await client.run('x', (progress) => told.push(progress))).toEqual({ snapshot: 's' })
  expect(told).toEqual([
    { what: 'queued', position: 3 },
    { what: 'started', queued_ms: 1.5 },
    { what: 'iteration', index: 12, loss: 0.31, turns: [] },
  ])
})

describe('a run that goes wrong on its way', () => {
  const run = async (stream: BodyInit) => {
    const { client } = clientOf(() => new Response(stream))
    return client.run('x', () => undefined).catch((e: unknown) => e)
  }

  test('is refused with the reason', async () => {
    const error = await run('event: problem\ndata: {"code":"sandbox_unavailable","detail":"Wait a moment."}\n\n')
    expect(error).toBeInstanceOf(Refused)
    expect((error as Refused).message).toBe('Wait a moment.')
  })

  test.each([
    '',
    'event: started\ndata: {"queued_ms":1}\n\n',
    'event: done\ndata: {"cut\n\n',
    'event: problem\ndata: {}\n\n',
  ])('has a damaged answer: %j', async (stream) => {
    expect(await run(stream)).toBeInstanceOf(DamagedAnswer)
  })

  test('loses its connection', async () => {
    const body = new ReadableStream({ start: (c) => c.error(new TypeError('network error')) })
    expect(await run(body)).toBeInstanceOf(NetworkError)
  })
})

describe('what goes wrong is said', () => {
  const problem = { type: 'about:blank', title: 'Busy', status: 503, detail: 'Every place is taken.', code: 'busy' }

  test('a refusal carries the code, the sentence and when to come back', async () => {
    const { client } = clientOf(() => json(problem, { status: 503, headers: { 'Retry-After': '3' } }))
    const error = await client.run('x', () => undefined).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Refused)
    expect((error as Refused).problem.code).toBe('busy')
    expect((error as Refused).message).toBe('Every place is taken. Try again in 3 s.')
  })

  test('a server that is not there', async () => {
    const { client } = clientOf(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(client.snapshot('x')).rejects.toBeInstanceOf(NetworkError)
  })

  test.each(['{"cut', '<html>', ''])('a damaged answer: %j', async (text) => {
    const { client } = clientOf(() => new Response(text))
    await expect(client.snapshot('x')).rejects.toBeInstanceOf(DamagedAnswer)
  })

  test('a failure of something in between, without a problem document', async () => {
    const { client } = clientOf(() => json({ hello: 1 }, { status: 502 }))
    await expect(client.lessons()).rejects.toBeInstanceOf(DamagedAnswer)
  })

  test('a changed mind is not an error of the network', async () => {
    const { client } = clientOf(() => Promise.reject(new DOMException('', 'AbortError')))
    const error = await client.snapshot('x').catch((e: unknown) => e)
    expect(isAbort(error)).toBe(true)
  })
})
