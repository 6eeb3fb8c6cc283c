import { describe, expect, test, vi } from 'vitest'
import type { Iteration, Observations, SnapshotHead, Step } from '../../core/contract'
import { NOTHING_OBSERVED } from '../../walk/observations'
import { ComparedRun } from './compared-run'
import { openComparedRun } from './open-compared-run'
import { missing, remarksOn } from './run-remarks'
import { type Name, recorded } from './testing'

/** A snapshot of so many iterations that are all alike. */
function headOf(id: string, name: Name, count: number, extra: Partial<SnapshotHead> = {}): SnapshotHead {
  const { graph, source, iteration } = recorded(name)
  return {
    id,
    program: { source, seed: 0, overrides: [] },
    outcome: { status: 'completed', error: null },
    truncated: null,
    graphs: [graph],
    iterations: Array.from({ length: count }, (_, index) => ({ ...iteration, index, steps: iteration.steps.length })),
    ...extra,
  } as unknown as SnapshotHead
}

function rivalOf(a: [Name, number], b: [Name, number], extra: Partial<SnapshotHead> = {}) {
  const names: Record<string, Name> = { A: a[0], B: b[0] }
  const fetch = vi.fn(
    async (id: string, k: number): Promise<Iteration> => ({ ...recorded(names[id] as Name).iteration, index: k }),
  )
  const observations = vi.fn(async (id: string): Promise<Observations> => observedOf(recorded(names[id] as Name)))
  const client = { iteration: fetch, observations }
  return { fetch, comparedRun: new ComparedRun(headOf('A', ...a), headOf('B', ...b, extra), client) }
}

/** Observations that name the last operation of a run, and its last leaf that a gradient comes to. */
function observedOf({ iteration: { steps } }: ReturnType<typeof recorded>): Observations {
  const last = (kind: Step['kind']) => steps.findLast((step) => step.kind === kind) as Step
  const [made, leaf] = [last('operation'), last('accumulate')]
  const origin = { node: made.node, output: 0, edge: null, step: made.index, what: 'NaN', where: 'value' } as const
  const numbers = { index: [], before: 1, added: 1, now: 2, count: 1, of: 1 }
  return {
    iteration: 0,
    non_finite: [origin],
    no_gradient: [],
    stale_gradients: [{ node: leaf.node, pass: 0, step: leaf.index, ...numbers }],
  }
}

const { signal } = new AbortController()

describe('two runs as one snapshot', () => {
  test('is the first run, drawn in a graph that holds both', async () => {
    const { comparedRun } = rivalOf(['base', 1], ['layer', 1])
    const body = await comparedRun.iteration(0, signal)
    expect(comparedRun.paired).toMatchObject({ id: 'A', program: comparedRun.first.program })
    const graph = comparedRun.paired.graphs.find(({ id }) => id === body.graph)
    expect(graph?.nodes.length).toBe(recorded('layer').graph.nodes.length)
    const beside = comparedRun.beside(body)
    expect(beside?.body.steps).toHaveLength(body.steps.length)
    expect([...(beside?.lone.values() ?? [])].every(({ run }) => run === 'B')).toBe(true)
  })

  test('what is remarkable in either stands at its own steps and nodes', async () => {
    const { comparedRun } = rivalOf(['base', 1], ['layer', 1])
    const joined = comparedRun.iteration(0, signal)
    const body = await joined
    const beside = comparedRun.beside(body)
    expect(comparedRun.observationsBeside(body)).toBe(NOTHING_OBSERVED)
    const own = await comparedRun.observations(0, joined, signal)
    const other = comparedRun.observationsBeside(body)
    const told = (one: Iteration | undefined, { non_finite, stale_gradients }: Observations) =>
      [...non_finite, ...stale_gradients].map(({ step, node }) => {
        const at = one?.steps[step]
        return `${at?.kind} ${at?.node === node}`
      })
    expect(told(body, own)).toEqual(['operation true', 'accumulate true'])
    expect(told(beside?.body, other)).toEqual(['operation true', 'accumulate true'])
    // the run with one layer more has pushed the steps of the first one apart
    expect(own.non_finite[0]?.step).toBeGreaterThan(observedOf(recorded('base')).non_finite[0]?.step ?? 0)
  })

  test('iterations of the same structure share a graph', async () => {
    const { comparedRun } = rivalOf(['training', 3], ['adam', 3])
    const bodies = await Promise.all([0, 1, 2].map((k) => comparedRun.iteration(k, signal)))
    expect(new Set(bodies.map(({ graph }) => graph)).size).toBe(1)
    expect(comparedRun.paired.graphs).toHaveLength(1)
  })

  test('past its last iteration the other stands at its end, and that is said', async () => {
    const { comparedRun, fetch } = rivalOf(['training', 4], ['adam', 2])
    const beside = comparedRun.beside(await comparedRun.iteration(3, signal))
    expect(fetch).toHaveBeenCalledWith('B', 1, signal)
    expect(beside).toMatchObject({ over: true })
    expect(beside && remarksOn(comparedRun, beside)).toEqual([
      'B has only 2 iterations: it stands at the end of its last one.',
    ])
  })

  test('a run without numbers leaves the first one as it is', async () => {
    const outcome = { status: 'timed_out', error: null } as SnapshotHead['outcome']
    const { comparedRun } = rivalOf(['base', 1], ['base', 0], { outcome })
    const body = await comparedRun.iteration(0, signal)
    expect(body.steps).toEqual(recorded('base').iteration.steps)
    expect(missing(comparedRun.head)).toBe('B took too long and was stopped. A is here as before.')
  })

  test('what of the other run cannot be had does not take the first one away', async () => {
    const { comparedRun, fetch } = rivalOf(['base', 1], ['seed', 1])
    fetch.mockImplementation(async (id) => {
      if (id === 'B') throw new Error('It is damaged.')
      return recorded('base').iteration
    })
    const beside = comparedRun.beside(await comparedRun.iteration(0, signal))
    expect(beside?.trouble).toBe('It is damaged.')
    expect(missing(comparedRun.head, 'It is damaged.')).toContain('It is damaged. A is here as before.')
  })

  test('a graph that the recording lacks is told as damage', async () => {
    const { comparedRun } = rivalOf(['base', 1], ['seed', 1], { graphs: [] })
    const beside = comparedRun.beside(await comparedRun.iteration(0, signal))
    expect(beside?.trouble).toBe('The recording is damaged: it has no graph 0.')
  })

  test('a cut recording, a failure and more iterations are said', async () => {
    const error = { type: 'ValueError', message: 'no\nmore', line: 3 } as NonNullable<SnapshotHead['outcome']['error']>
    const extra = {
      outcome: { status: 'failed', error } as SnapshotHead['outcome'],
      truncated: { reason: 'Too many steps.', recorded_steps: 9, losses: [] },
    }
    const { comparedRun } = rivalOf(['training', 1], ['adam', 3], extra)
    const beside = comparedRun.beside(await comparedRun.iteration(0, signal))
    expect(beside && remarksOn(comparedRun, beside)).toEqual([
      'B failed in line 3: ValueError: no',
      'B’s recording was cut (Too many steps): what came later is not there.',
      'B has 3 iterations, A 1: swap them to see those that A does not have.',
    ])
  })
})

describe('opening another run', () => {
  const client = (snapshot: () => Promise<SnapshotHead>) => ({ snapshot, iteration: vi.fn(), observations: vi.fn() })

  test('gives a sentence when there is none', async () => {
    const lost = client(async () => {
      throw new Error('No snapshot has this id.')
    })
    const { comparedRun, refused } = await openComparedRun(lost, headOf('A', 'base', 1), 'B', signal)
    expect(comparedRun).toBeNull()
    expect(refused).toBe('The other run cannot be shown. No snapshot has this id. The first run is here as before.')
  })

  test('gives a sentence when the first has nothing to compare', async () => {
    const { refused } = await openComparedRun(client(vi.fn()), headOf('A', 'base', 0), 'B', signal)
    expect(refused).toContain('the first run has made no tensors')
  })

  test('a changed mind is no failure', async () => {
    const gone = client(async () => {
      throw new DOMException('', 'AbortError')
    })
    await expect(openComparedRun(gone, headOf('A', 'base', 1), 'B', signal)).rejects.toThrow(DOMException)
  })
})
