import { expect, test } from 'vitest'
import { cellOf, pullable, recordedOf, sizeIn } from './leaf-cells'
import { change, recorded, state, tensor } from './testing'

const run = recorded(1, [2, 3])
const view = { head: run.head, body: run.body, iteration: 0, whatIf: null }

test('an element is what the program gave it, until a hand changed it', () => {
  const two = tensor([1, 5])
  expect(cellOf(view, 'w', two, 1)).toMatchObject({
    index: [1],
    label: 'w[1]',
    recorded: 5,
    value: 5,
    dtype: 'float32',
  })
  const held = change(9, { index: [1] })
  expect(cellOf({ ...view, whatIf: state(run, { changes: [held] }) }, 'w', two, 1)).toBe(held)
})

test('a name in a module is said without the module, a single number without its index', () => {
  expect(cellOf(view, 'net.fc1.bias', tensor([1]), 0).label).toBe('fc1.bias')
  expect(cellOf(view, 'net.fc1.bias', tensor([1, 2]), 1).label).toBe('fc1.bias[1]')
})

test('the recorded numbers are those of the run before the first change', () => {
  const now = tensor([9, 9])
  expect(recordedOf(view, 'w', now)).toBe(now)
  expect(recordedOf({ ...view, whatIf: state(run) }, 'w', now).data).toEqual([1, 1])
  expect(recordedOf({ ...view, iteration: 4, whatIf: state(run) }, 'w', now)).toBe(now)
})

test('a number next to nothing moves with the tensor that it is in', () => {
  const row = tensor([0, -8])
  expect(sizeIn(row, cellOf(view, 'w', row, 0))).toBeCloseTo(0.8)
})

test('single floats can be pulled on the stage, the same set as long as the picture is the same', () => {
  expect([...pullable(view)]).toEqual(['n1'])
  expect(pullable(view)).toBe(pullable({ ...view }))
  expect(pullable({ head: null, body: null }).size).toBe(0)
  const body = { ...run.body, values: { n1: [tensor([3], { dtype: 'int64' })] } }
  expect(pullable({ head: run.head, body }).size).toBe(0)
})
