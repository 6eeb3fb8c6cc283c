import { describe, expect, it } from 'vitest'
import type { Edge, Graph, Group, Node } from '../api/types'
import neuron from '../timeline/fixtures/neuron.json'
import { type Layout, layout, type Rectangle } from './layout'

const size = () => ({ width: 68, card: 52, above: 28, below: 28 })

/** A random program: nodes take earlier nodes, and stand in nested groups. */
function program(seed: number, count: number): Graph {
  let state = seed
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
  const groups: Group[] = [0, 1, 2, 3].map((i) => ({
    id: `g${i}`,
    parent: i > 1 ? `g${i - 2}` : null,
    kind: 'module',
    name: `m${i}`,
    type: 'M',
  }))
  const nodes: Node[] = []
  const edges: Edge[] = []
  for (let i = 0; i < count; i += 1) {
    // a module's nodes are consecutive, as in a run
    const group = [null, 'g0', 'g2', 'g0', null, 'g1', 'g3', 'g1', null][Math.floor((i / count) * 9)] ?? null
    nodes.push({
      id: `n${i}`,
      kind: 'operation',
      op: 'add',
      name: null,
      line: 1,
      group,
      arguments: {},
      outputs: 1,
      failed: false,
      requires_grad: true,
      autograd: [],
    })
    for (let k = 0; i > 0 && k < 2; k += 1) {
      const source = Math.max(0, i - 1 - Math.floor(random() * random() * 8))
      edges.push({ id: `e${edges.length}`, source: `n${source}`, output: 0, target: `n${i}`, argument: 'self' })
    }
  }
  return { id: 0, nodes, edges, groups }
}

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const inside = (a: Rectangle, b: Rectangle) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height

const open = (graph: Graph) => new Set(graph.groups.map((g) => g.id))

function check(graph: Graph, drawn: Layout): void {
  const cards = [...drawn.cards, ...drawn.closed]
  for (const [i, [a, first]] of cards.entries()) {
    for (const [b, second] of cards.slice(i + 1)) expect(overlap(first, second), `${a} and ${b}`).toBe(false)
  }
  for (const edge of graph.edges) {
    const path = drawn.paths.get(edge.id) ?? []
    path.slice(1).forEach((p, i) => {
      expect(p.x).toBeGreaterThanOrEqual(path[i]?.x ?? 0)
    })
  }
}

describe('layout', () => {
  it('draws the neuron from left to right with its leaves beside what takes them', () => {
    const drawn = layout(neuron.graph as unknown as Graph, new Set(), size)
    const x = (id: string) => drawn.cards.get(id)?.x ?? 0
    expect(x('n4')).toBeLessThan(x('n5'))
    expect(x('n5')).toBeLessThan(x('n6'))
    expect(x('n6')).toBeLessThan(x('n7'))
    expect(x('n1')).toBe(x('n6'))
    expect(x('n0')).toBe(x('n2'))
    check(neuron.graph as unknown as Graph, drawn)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keeps everything apart, in order and in its room (program %i)', (seed) => {
    const graph = program(seed, 40)
    const drawn = layout(graph, open(graph), size)
    check(graph, drawn)
    for (const node of graph.nodes) {
      for (const [id, room] of drawn.rooms) {
        const card = drawn.cards.get(node.id) as Rectangle
        const member = node.group === id || graph.groups.find((g) => g.id === node.group)?.parent === id
        expect(member ? inside(card, room) : !overlap(card, room), `${node.id} in ${id}`).toBe(true)
      }
    }
  })

  it('closes rooms into cards and hides what is inside', () => {
    const graph = program(9, 30)
    const drawn = layout(graph, new Set(), size)
    expect([...drawn.closed.keys()].sort()).toEqual(['g0', 'g1'])
    expect(graph.nodes.filter((n) => n.group !== null).some((n) => drawn.cards.has(n.id))).toBe(false)
    check(graph, drawn)
  })

  it('gives the same drawing for the same graph', () => {
    const graph = program(10, 30)
    expect(layout(graph, open(graph), size)).toEqual(layout(graph, open(graph), size))
  })

  it('lays nodes without edges out in rows', () => {
    const graph = { ...program(11, 12), edges: [], groups: [] }
    graph.nodes = graph.nodes.map((n) => ({ ...n, group: null }))
    const drawn = layout(graph, new Set(), size)
    check(graph, drawn)
    expect(new Set([...drawn.cards.values()].map((c) => c.y)).size).toBeGreaterThan(1)
  })
})
