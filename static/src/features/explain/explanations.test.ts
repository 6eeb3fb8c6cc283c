import { expect, test } from 'vitest'
import { NetworkError, Refused } from '../../api/errors'
import type { AnyExplanation, Explanation, Graph, Iteration, Problem } from '../../core/contract'
import neuron from '../../walk/fixtures/neuron.json'
import { buildTimeline } from '../../walk/timeline'
import { Explanations, isMissing } from './explanations'
import { measurementPath, type Occasion, occasionOf } from './occasion'

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const timeline = buildTimeline(graph, iteration)
const a = graph.nodes.find(({ name }) => name === 'a')?.id ?? ''
const occasion = occasionOf(timeline, timeline.steps.length - 1, a, null) as Occasion
const where = { id: 's', iteration: 0 }
const none = new Map<string, number[]>()

/** A server that answers as `answer` says, and the paths that it was asked. */
function server(answer: (path: string) => unknown) {
  const asked: string[] = []
  const explanation = async (_id: string, _k: number, path: string) => {
    asked.push(path)
    return answer(path) as AnyExplanation
  }
  const check = () => Promise.reject(new NetworkError())
  const measurement = async (id: string, k: number, path: string) => (await explanation(id, k, path)) as Explanation
  return { asked, explanations: new Explanations({ explanation, check, measurement }) }
}

test('the node first, then the chain rule at its edges, each once', async () => {
  const { asked, explanations } = server(() => ({ element: [0], shape: [1] }))
  await Promise.all([
    explanations.load(where, timeline, occasion, none),
    explanations.load(where, timeline, occasion, none),
  ])
  await explanations.load(where, timeline, occasion, none)
  expect(asked).toEqual([occasion.path, `${occasion.edges[0]}?pass=0&element=0`])
  expect(explanations.at(where, occasion.path)).toEqual({ element: [0], shape: [1] })
  expect(explanations.at({ ...where, iteration: 1 }, occasion.path)).toBeNull()
})

test('what the network kept away is asked for again, what is not there is not', async () => {
  let error: Error = new NetworkError()
  const { asked, explanations } = server(() => {
    throw error
  })
  await explanations.load(where, timeline, occasion, none)
  expect(explanations.at(where, occasion.path)).toMatchObject({ lasting: false })
  error = new Refused({ detail: 'No gradient came back.' } as Problem, null)
  await explanations.load(where, timeline, occasion, none)
  await explanations.load(where, timeline, occasion, none)
  expect(asked).toHaveLength(2)
  const told = explanations.at(where, occasion.path)
  expect(isMissing(told) && told.missing).toBe('No gradient came back.')
})

test('what was measured is kept, and where nothing was, it can be asked for again', async () => {
  let kind = 'unknown'
  const { asked, explanations } = server(() => ({ kind, note: 'It did not come to this operation.' }))
  const path = measurementPath({ edge: 'e1', pass: 0, element: [1, 2] } as unknown as Explanation)
  expect(path).toBe('e1/measurements?pass=0&element=1,2')
  const { signal } = new AbortController()
  expect(await explanations.measure(where, path, signal)).toMatchObject({ kind: 'unknown' })
  expect(explanations.at(where, path)).toBeNull()
  kind = 'measured'
  await explanations.measure(where, path, signal)
  expect(explanations.at(where, path)).toMatchObject({ kind: 'measured' })
  expect(explanations.at({ ...where, iteration: 1 }, path)).toBeNull()
  expect(asked).toEqual([path, path])
})
