import { expect, test } from 'vitest'
import type { Graph, Node } from './contract'
import { bracketed, labelOf } from './labels'

const leaf = (id: string, name: string | null) => ({ id, kind: 'input', name, op: null }) as Node
const operation = (id: string, op: string, name: string | null = null, args: Record<string, unknown> = {}) =>
  ({ id, kind: 'operation', name, op, arguments: args }) as Node

/** `wires`: "source>target". */
function graphOf(nodes: Node[], wires: string[]): Graph {
  const edges = wires.map((wire, i) => {
    const [source = '', target = ''] = wire.split('>')
    return { id: `e${i}`, source, target, output: 0, argument: '' }
  })
  return { id: 0, nodes, edges, groups: [] }
}

const graph = graphOf(
  [
    leaf('n0', 'x'),
    leaf('n1', 'net.fc1.weight'),
    leaf('n2', null),
    operation('n3', 'mul'),
    operation('n4', 'relu'),
    operation('n5', 'add', 'z'),
    operation('n6', 'mul'),
    operation('n7', 'ones'),
    operation('n8', 'addcmul'),
    operation('n9', 'mul', null, { other: 2 }),
    operation('n10', 'pow', null, { exponent: 3 }),
    operation('n11', 'div', null, { other: 1 }),
    operation('n12', 'add', null, { alpha: 2 }),
  ],
  [
    'n0>n3',
    'n0>n3',
    'n5>n4',
    'n3>n5',
    'n0>n5',
    'n0>n6',
    'n2>n6',
    'n0>n8',
    'n5>n8',
    'n0>n9',
    'n0>n10',
    'n0>n11',
    'n0>n12',
    'n5>n12',
  ],
)

test.each([
  ['n0', 'x'],
  ['n1', 'fc1.weight'],
  ['n2', 'input'],
  ['n3', 'x × x'],
  ['n4', 'relu(z)'],
  ['n5', 'z'],
  ['n6', 'mul'],
  ['n7', 'ones'],
  ['n8', 'addcmul'],
  ['n9', 'x × 2'],
  ['n10', 'x ^ 3'],
  ['n11', 'div'],
  ['n12', 'add'],
  ['n99', 'n99'],
])('%s is called %s', (id, label) => expect(labelOf(graph, id)).toBe(label))

test('more than a name stands in brackets', () => {
  expect(bracketed('w')).toBe('w')
  expect(bracketed('x × w')).toBe('(x × w)')
})
