import { describe, expect, test } from 'vitest'
import type { Graph, Iteration } from '../../core/contract'
import { outlineOf } from '../../core/python-outline'
import { buildTimeline } from '../../walk/timeline'
import { Bindings } from './bindings'
import repeated from './fixtures/calls.json'
import recorded from './fixtures/names.json'
import { lineShapes, shapesAt, shapeText } from './line-shapes'
import { tell, variableAt } from './variable-value'

const lines = recorded.source.split('\n')
const outline = outlineOf(recorded.source)
const { graphs, iterations } = recorded as unknown as { graphs: [Graph]; iterations: [Iteration] }
const run = buildTimeline(graphs[0], iterations[0])
/** Among the multiplications, the first of the loop. */
const LOOP = 2
/** The line, from 1, of a piece of the program. */
const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1
const stepOf = (op: string, nth = 0) => {
  const steps = run.steps.filter((s) => s.kind === 'operation' && run.nodes.get(s.node)?.op === op)
  return steps[nth]?.index ?? -1
}
const meant = (name: string, line: number, step: number) => new Bindings(run, outline).meaning(name, line, step)
const op = (name: string, line: number, step: number) => meant(name, line, step)?.bound?.node.op

describe('a name that is bound again and again', () => {
  test('means the tensor of the current step, and tells when it changes', () => {
    const first = stepOf('mul', LOOP)
    const found = meant('y', lineOf('y = y * 2'), first)
    expect(found?.bound).toMatchObject({ step: first, node: { op: 'mul' } })
    expect(found?.next?.step).toBe(stepOf('mul', LOOP + 1))
    const shown = (step: number) =>
      run.iteration.values[meant('y', lineOf('y = y * 2'), step)?.bound?.node.id ?? '']?.[0]?.data
    expect([0, 1, 2].map((nth) => shown(stepOf('mul', LOOP + nth)))).toEqual([
      [2, 2],
      [4, 4],
      [8, 8],
    ])
  })

  test('in place it stays the same name', () => {
    expect(op('y', lineOf('y.add_'), run.steps.length - 1)).toBe('add_')
    expect(meant('y', lineOf('y.add_'), run.steps.length - 1)?.next).toBeNull()
  })

  test('within a function it is the function’s', () => {
    const [relu, mul] = [stepOf('relu'), stepOf('mul')]
    expect(op('h', lineOf('h = h * 2'), relu)).toBe('relu')
    expect(op('h', lineOf('h = torch.relu'), mul)).toBe('mul')
    expect(meant('h', lineOf('out = net'), mul)).toBeNull()
  })
})

describe('what a function gives back', () => {
  test('is the caller’s variable once it is back, whatever the function calls it', () => {
    const doubled = stepOf('mul', 1)
    expect(op('out', lineOf('out.backward'), doubled - 1)).toBe('sum')
    const after = meant('out', lineOf('out.backward'), doubled)
    expect(after?.bound?.node).toMatchObject({ op: 'mul', name: 'u' })
    expect(after?.bound?.line).toBe(lineOf('out = double(out)'))
  })
})

describe('a parameter', () => {
  test('is what the call gives for it', () => {
    expect(meant('inp', lineOf('torch.relu'), stepOf('relu'))?.bound?.node.name).toBe('x')
    expect(op('t', lineOf('u = t * 2'), stepOf('mul', 1))).toBe('sum')
  })

  test('is nothing before the call', () => {
    expect(meant('t', lineOf('u = t * 2'), stepOf('relu'))).toBeNull()
  })
})

test('the parameters of a module are found from inside and from outside', () => {
  const step = stepOf('linear')
  expect(meant('self.fc1.weight', lineOf('torch.relu'), step)?.bound?.node.name).toBe('net.fc1.weight')
  expect(meant('net.fc1.weight', lineOf('out = net'), step)?.bound?.node.name).toBe('net.fc1.weight')
  expect(meant('net.fc1', lineOf('out = net'), step)).toBeNull()
})

test('each name of an unpacked result has its own output', () => {
  const step = stepOf('max')
  expect(meant('q', lineOf('q, r'), step)?.bound).toMatchObject({ output: 0, node: { op: 'max' } })
  expect(meant('r', lineOf('q, r'), step)?.bound).toMatchObject({ output: 1, node: { op: 'max' } })
})

describe('what is told of a variable', () => {
  const told = (name: string, line: number, step: number) =>
    variableAt(run, new Bindings(run, outline), name, line, step)

  test('before its step, that and when it comes', () => {
    const line = lineOf('u = t * 2')
    const step = stepOf('relu')
    const found = told('h', lineOf('h = h * 2'), 0)
    expect(found).toMatchObject({ value: null, gradient: null })
    expect(found?.notes).toEqual([`Not computed yet. Step ${step + 1} (line ${lineOf('torch.relu')}) makes it.`])
    expect(told('nothing', line, 0)).toBeNull()
  })

  test('its numbers, and that it is bound again', () => {
    const found = told('y', lineOf('y = y * 2'), stepOf('mul', LOOP + 1))
    expect(found).toMatchObject({
      shape: '[2] · float32',
      value: { numbers: true, rows: [['4', '4']] },
      gradient: null,
    })
    expect(found?.notes.join()).toMatch(/^Step \d+ \(line 29\) binds y to another tensor\.$/)
  })

  test('its gradient once backward has brought it', () => {
    const line = lineOf('h = h * 2')
    expect(told('h', line, stepOf('sum'))?.gradient).toBeNull()
    const found = told('h', line, run.steps.length - 1)
    expect(found?.gradient).toMatchObject({ title: 'gradient ∂L/∂h', rows: Array(4).fill(['2', '2', '2']) })
  })

  test('.grad is what has been added up, and None before', () => {
    const name = 'net.fc1.weight.grad'
    const before = told(name, lineOf('out = net'), stepOf('sum'))
    expect(before?.notes).toEqual([`${name} is None at this step.`])
    const after = told(name, lineOf('out = net'), run.steps.length - 1)
    expect(after?.gradient?.title).toBe('.grad')
    expect(after?.shape).toBe('[3, 2] · float32')
  })

  test('a large tensor by its statistics', () => {
    const data = Array.from({ length: 100 }, (_, i) => i - 50)
    const large = { id: 't0', shape: [10, 10], dtype: 'float32', device: 'cpu', data, stats: null }
    expect(tell('value', large).rows.slice(0, 2)).toEqual([
      ['min', '−50'],
      ['max', '49'],
    ])
    expect(tell('value', { ...large, data: null }).rows).toEqual([['its numbers are too many to be kept']])
  })
})

describe('the shapes behind the lines', () => {
  const shown = (step: number) => shapesAt(lineShapes(run), step)

  test('are of what a line has computed by the step', () => {
    const relu = stepOf('relu')
    expect(shown(relu - 1).get(lineOf('torch.relu'))).toBe('[4, 3]')
    expect(shown(relu).get(lineOf('h = h * 2'))).toBeUndefined()
    expect(shown(relu + 1).get(lineOf('h = h * 2'))).toBe('[4, 3]')
    expect(shown(0).get(lineOf('x = torch.ones'))).toBe('[4, 2]')
  })

  test('a call’s line has one when the call is over', () => {
    const sum = stepOf('sum')
    expect(shown(sum - 1).get(lineOf('out = net'))).toBeUndefined()
    expect(shown(sum).get(lineOf('out = net'))).toBe('scalar')
  })

  test('name every output', () => {
    expect(shown(run.steps.length - 1).get(lineOf('q, r'))).toBe('[2], [2]')
    expect(shapeText([])).toBe('')
  })
})

describe('a function that is called again and again', () => {
  const called = repeated as unknown as { source: string; graphs: [Graph]; iterations: [Iteration] }
  const timeline = buildTimeline(called.graphs[0], called.iterations[0])
  const bindings = new Bindings(timeline, outlineOf(called.source))
  const at = (text: string) => called.source.split('\n').findIndex((one) => one.includes(text)) + 1
  const value = (name: string, line: number, step: number) => {
    const bound = bindings.meaning(name, line, step)?.bound
    return timeline.iteration.values[bound?.node.id ?? '']?.[0]?.data?.[0]
  }

  test('gives its caller each result when it is back', () => {
    expect([0, 1, 2, 3].map((step) => value('y', at('y = grow'), step))).toEqual([1, 2, 4, 8])
    expect([5, 6, 7].map((step) => value('y', at('y = half'), step))).toEqual([8, 4, 2])
  })

  test('has the parameter of its current call', () => {
    expect([1, 2, 3].map((step) => value('a', at('b = a'), step))).toEqual([1, 2, 4])
    expect([6, 7].map((step) => value('t', at('return t'), step))).toEqual([8, 4])
  })

  test('goes through its own loop in one call', () => {
    expect([4, 5].map((step) => value('h', at('h = h + 1'), step))).toEqual([9, 10])
    expect(bindings.meaning('h', at('h = chain'), 4)?.bound).toBeNull()
    expect(value('h', at('h = chain'), 5)).toBe(10)
  })
})
