import { expect, test } from 'vitest'
import { graphOf } from '../../core/testing'
import { type Decorations, mergeDecorations, type NodeMarks, nodeDecorations, UNDECORATED } from '../decorations'
import { describe as descriptionOf, marksOn, sameMarks, spokenMarks, UNMARKED } from './card-marks'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'

/** x → [in1 → in2] → z, with a closed group in the middle. */
const GRAPH = graphOf(
  [
    ['x', null],
    ['in1:mul', 'g'],
    ['in2:add', 'g'],
    ['z:sum', null],
  ],
  [
    ['x', 'in1'],
    ['x', 'in2'],
    ['in1', 'in2'],
    ['in2', 'z'],
  ],
  [['g', null]],
)
const CLOSED = viewOf(foldsOf(GRAPH), new Set())
const marked = (marks: Record<string, NodeMarks>, edges: Decorations['edges'] = new Map()) =>
  marksOn(CLOSED, { ...nodeDecorations(Object.entries(marks)), edges })

test('a closed card has the breakpoints and the worst of the findings inside', () => {
  const { cards } = marked({
    in1: { severity: 'note', isBreakpoint: true },
    in2: { severity: 'error' },
    z: { severity: 'warning' },
    gone: { severity: 'error', isBreakpoint: true },
  })
  expect(cards.get('g')).toEqual({ ...UNMARKED, isBreakpoint: true, severity: 'error' })
  expect(cards.get('z')).toEqual({ ...UNMARKED, severity: 'warning' })
  expect([...cards.keys()]).toEqual(['g', 'z'])
  expect(spokenMarks(cards.get('g') ?? UNMARKED)).toBe(', breakpoint, finding: error')
})

test('a question is about nodes, and not about what is closed around them', () => {
  const { cards } = marked({ x: { question: 'ticked' }, in1: { question: 'choice' } })
  expect(cards.get('x')?.question).toBe('ticked')
  expect(cards.get('g')?.question).toBeNull()
})

test('a closed card is only one run’s when all of it is, and counts what is otherwise', () => {
  const alone = { presence: { kind: 'alone', text: 'only in B' } } as const
  const absent = { presence: { kind: 'absent', text: 'only in A' } } as const
  expect(marked({ in1: alone, in2: alone }).cards.get('g')).toMatchObject({ ...alone, tally: '' })
  expect(marked({ in1: alone }).cards.get('g')).toMatchObject({ presence: null, tally: '1 only in B' })
  const both = marked({ in1: alone, in2: absent }).cards.get('g')
  expect(both).toMatchObject({ presence: null, tally: '1 only in A, 1 only in B' })
  expect(both && descriptionOf(both)).toBe('1 only in A, 1 only in B')
})

test('a wire has a presence when all of its edges have the same one', () => {
  const [first, second] = GRAPH.edges.map(({ id }) => id) as [string, string]
  const wire = CLOSED.wireOf.get(first) as string
  expect(CLOSED.wireOf.get(second)).toBe(wire)
  const alone = { presence: 'alone' } as const
  expect(marked({}, new Map([[first, alone]])).wires.size).toBe(0)
  const both = new Map([first, second].map((id) => [id, alone] as const))
  expect(marked({}, both).wires).toEqual(new Map([[wire, 'alone']]))
})

test('a closed card has the badges of the tensor that it shows', () => {
  const badge = (output: number, text: string) =>
    ({ kind: 'value', output, text, isQuiet: false, label: `it is ${text}` }) as const
  const { cards } = marked({ in1: { badges: [badge(0, 'a')] }, in2: { badges: [badge(0, 'b'), badge(1, 'c')] } })
  expect(cards.get('g')?.badges.map(({ text }) => text)).toEqual(['b'])
})

test('the same marks are the same', () => {
  const a = { ...UNMARKED, severity: 'note' } as const
  expect(sameMarks(a, { ...a })).toBe(true)
  expect(sameMarks(a, { ...a, severity: 'error' })).toBe(false)
  expect(sameMarks(a, { ...a, isBreakpoint: true })).toBe(false)
  expect(sameMarks(a, { ...a, question: 'asked' })).toBe(false)
})

test('decorations of several features are merged node by node', () => {
  const stops = nodeDecorations([['x', { isBreakpoint: true }]])
  const notes = nodeDecorations([['x', { severity: 'note' }]])
  const errors = nodeDecorations([['x', { severity: 'error' }]])
  expect(mergeDecorations([stops, notes, errors, notes]).nodes.get('x')).toEqual({
    isBreakpoint: true,
    severity: 'error',
  })
  expect(mergeDecorations([UNDECORATED, stops])).toBe(stops)
})
