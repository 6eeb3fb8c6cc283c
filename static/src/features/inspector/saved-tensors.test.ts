import { describe, expect, test } from 'vitest'
import type { AutogradNode, SavedTensor } from '../../core/contract'
import { graphOf } from '../../core/testing'
import { describeMemory, explainMemory, formatBytes, memoryOf, ownerOf, whyUnread } from './saved-tensors'

const tensor = (extra: Partial<SavedTensor>): SavedTensor => ({
  name: 'self',
  shape: [2, 2],
  dtype: 'float32',
  bytes: 16,
  storage: 0,
  ...extra,
})
const saving = (...tensors: SavedTensor[]): AutogradNode => ({ name: 'MulBackward0', saved: ['self'], tensors })
const memory = (...nodes: AutogradNode[]) => {
  const found = memoryOf(nodes)
  if (!found) throw new Error('not told')
  return found
}

describe('memory', () => {
  test('of different tensors adds up', () => {
    const found = memory(saving(tensor({ node: 'x' })), saving(tensor({ storage: 1, bytes: 40 })))
    expect(found).toEqual({ tensors: 2, pieces: 2, bytes: 56, extra: 40 })
    expect(describeMemory(found)).toBe('2 tensors, 56 B')
    expect(explainMemory(found)).toBe('40 B of it are there for backward alone, the rest the program has anyway.')
  })

  test('that is shared is counted once, as large as its largest part', () => {
    const found = memory(saving(tensor({ node: 'x' }), tensor({ bytes: 8, view: true })))
    expect(found).toEqual({ tensors: 2, pieces: 1, bytes: 16, extra: 0 })
    expect(explainMemory(found)).toBe(
      'They are tensors that the program has anyway: nothing was copied. Some of them share their memory: it is counted once.',
    )
  })

  test('may be none', () => {
    expect(describeMemory(memory(saving()))).toBe('no tensor')
    expect(explainMemory(memory(saving()))).toBe('')
  })

  test('is not known of older recordings, nor where something was not looked at', () => {
    expect(memoryOf([])).toBeNull()
    expect(memoryOf([{ name: 'MulBackward0', saved: ['self'] }])).toBeNull()
    expect(memoryOf([saving(), { name: 'F', saved: [], tensors: null, unread: 'hooks' }])).toBeNull()
  })
})

test('why something is not told', () => {
  expect(whyUnread(saving())).toBeNull()
  expect(whyUnread({ name: 'F', saved: [] })).toContain('an older one')
  for (const unread of ['hooks', 'transform', 'observer', 'subclass', 'changed', 'freed'] as const)
    expect(whyUnread({ name: 'F', saved: [], tensors: null, unread })).not.toContain('an older one')
})

test('whose value it is', () => {
  const nodes: [string, null][] = [
    ['w', null],
    ['h:mul', null],
  ]
  const graph = graphOf(nodes, [['w', 'h']])
  expect(ownerOf(graph, 'h', tensor({ node: 'w' }))).toEqual({ node: 'w', text: 'w' })
  expect(ownerOf(graph, 'h', tensor({ node: 'w', view: true }))).toEqual({ node: 'w', text: 'a view of w' })
  expect(ownerOf(graph, 'h', tensor({ node: 'h' }))).toEqual({ node: null, text: 'its own result' })
  expect(ownerOf(graph, 'h', tensor({}))).toEqual({ node: null, text: 'of its own' })
})

test('bytes', () => {
  expect([0, 1023, 1536, 300 * 1024, 2.5 * 1024 ** 2, 3 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '300 KiB',
    '2.5 MiB',
    '3 GiB',
  ])
})
