// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { Client } from '../api/client'
import { embeddedIn, iterationMissing } from './embedded-snapshot'

beforeEach(() => {
  document.body.innerHTML = ''
})

const HEAD = {
  id: 'abc',
  program: { source: '' },
  graphs: [{ id: 0, nodes: [], edges: [], groups: [] }],
  iterations: [],
}
const observations = (iteration: number) => ({ iteration, non_finite: [], no_gradient: [], stale_gradients: [] })
const body = (index: number) => ({ index, graph: 0, loss: null, values: {}, backward: [], updates: [], steps: [] })

function carry(...indices: number[]): void {
  const block = (attributes: string, value: object) =>
    `<script type="application/json" ${attributes}>${JSON.stringify(value)}</script>`
  document.body.innerHTML = [
    block('id="gradwalk-snapshot" data-id="abc"', HEAD),
    ...indices.map((index) => block(`data-iteration="${index}"`, body(index))),
    ...indices.map((index) => block(`data-observations="${index}"`, observations(index))),
    block('data-tensor="t3"', { id: 't3' }),
  ].join('')
}

test('a page that carries nothing asks its server', () => {
  expect(embeddedIn(document)).toBeNull()
})

test('what the page carries is what a server would answer', async () => {
  carry(4, 5)
  const embedded = embeddedIn(document)
  expect(embedded?.id).toBe('abc')
  expect(embedded?.iterations).toEqual([4, 5])
  const client = new Client('', embedded?.fetch)
  expect(await client.snapshot('abc')).toMatchObject({ id: 'abc' })
  expect(await client.iteration('abc', 5)).toEqual(body(5))
  expect(await client.observations('abc', 5)).toEqual(observations(5))
  expect(await client.tensor('abc', 't3')).toEqual({ id: 't3' })
})

test('what it does not carry is said in a sentence', async () => {
  carry(4, 5)
  const client = new Client('', embeddedIn(document)?.fetch)
  await expect(client.iteration('abc', 0)).rejects.toThrow(
    'Iteration 1 is not in this file: it holds iterations 5 to 6',
  )
  await expect(client.observations('abc', 0)).rejects.toThrow('does not hold what is remarkable')
  await expect(client.tensor('abc', 't9')).rejects.toThrow('does not hold all numbers')
  await expect(client.lessons()).rejects.toThrow('nothing else')
})

test.each([
  [[], 'no iteration'],
  [[2], 'iteration 3 only'],
  [[0, 1, 2], 'iterations 1 to 3'],
])('with iterations %j it holds %s', (held, said) => expect(iterationMissing(9, held, [])).toContain(said))

test('it names the turns', () => {
  const all = [0, 1, 2].map((number) => ({ turns: [{ line: 3, number, variable: 'epoch', value: number }] }))
  expect(iterationMissing(2, [0, 1], all)).toBe(
    'Iteration 3 (epoch 2) is not in this file: it holds iterations 1 (epoch 0) to 2 (epoch 1), which can be walked through.',
  )
})
