import { expect, test } from 'vitest'
import { NetworkError, Refused } from '../api/errors'
import type { AnyExplanation, Graph, Iteration, Problem } from '../api/types'
import neuron from '../timeline/fixtures/neuron.json'
import { buildTimeline } from '../timeline/timeline'
import { Explanations, isMissing } from './explanations'
import { type Occasion, occasionOf } from './occasion'

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
  return { asked, explanations: new Explanations({ explanation, check: () => Promise.reject(new NetworkError()) }) }
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
