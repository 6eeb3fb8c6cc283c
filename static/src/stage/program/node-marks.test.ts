import { expect, test } from 'vitest'
import { onCards, sameMarks } from './node-marks'

const cardOf = (node: string) => (node.startsWith('in') ? 'closed' : node.startsWith('gone') ? null : node)

test('a closed card has the worst of what is marked inside', () => {
  const findings = new Map([
    ['in1', 'note'],
    ['in2', 'error'],
    ['z', 'warning'],
    ['gone', 'error'],
  ] as const)
  const marked = onCards({ stops: ['in1', 'gone', 'w'], findings }, cardOf)
  expect(marked.stops).toEqual(new Set(['closed', 'w']))
  expect(marked.findings).toEqual(
    new Map([
      ['closed', 'error'],
      ['z', 'warning'],
    ]),
  )
})

test('the same marks are the same', () => {
  const marked = (severity: 'error' | 'note', ...stops: string[]) =>
    onCards({ stops, findings: new Map([['z', severity]]) }, cardOf)
  expect(sameMarks(marked('error', 'w'), marked('error', 'w'))).toBe(true)
  expect(sameMarks(marked('error', 'w'), marked('note', 'w'))).toBe(false)
  expect(sameMarks(marked('error', 'w'), marked('error', 'x'))).toBe(false)
  expect(sameMarks(marked('error'), marked('error', 'x'))).toBe(false)
})
