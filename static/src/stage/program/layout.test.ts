import { describe, expect, it } from 'vitest'
import type { Edge, Graph, Group, Node } from '../../core/contract'
import { MODULE, nodeOf } from '../../core/testing'
import neuron from '../../walk/fixtures/neuron.json'
import type { Rectangle } from '../geometry'
import { foldsOf } from './folds'
import { viewOf } from './graph-view'
import { type Layout, layout as layoutOf } from './layout'

const size = () => ({ width: 68, card: 52, above: 28, below: 28 })

const layout = (graph: Graph, open: ReadonlySet<string>, sizes: typeof size) =>
  layoutOf(viewOf(foldsOf(graph), open), sizes)

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
    nodes.push(nodeOf(`n${i}:add`, group))
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
  const cards = [...drawn.cards]
  for (const [i, [a, first]] of cards.entries()) {
    for (const [b, second] of cards.slice(i + 1)) expect(overlap(first, second), `${a} and ${b}`).toBe(false)
  }
  for (const edge of graph.edges) {
    const path = drawn.paths.get(edge.id) ?? []
    if (!drawn.brackets.has(edge.id))
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
    expect([...drawn.cards.keys()].filter((id) => id.startsWith('g')).sort()).toEqual(['g0', 'g1'])
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

  it('keeps level edges level: they bend only between columns', () => {
    for (const seed of [21, 22, 23, 24]) {
      const graph = program(seed, 30)
      const drawn = layout(graph, open(graph), size)
      for (const [edge, path] of drawn.paths) {
        path.slice(1).forEach((b, i) => {
          const a = path[i] as { x: number; y: number }
          if (Math.abs(a.y - b.y) > 1) expect(cardsAcross(drawn, a, b), `${edge} of ${seed}`).toEqual([])
        })
      }
    }
  })
})

/** The cards over whose whole width a piece of an edge passes. */
function cardsAcross(drawn: Layout, a: { x: number; y: number }, b: { x: number; y: number }): string[] {
  return [...drawn.cards].filter(([, c]) => a.x < c.x && c.x + c.width < b.x).map(([id]) => id)
}

describe('the lesson "module"', () => {
  const drawn = layout(MODULE, open(MODULE), size)
  const card = (id: string) => drawn.cards.get(id) as Rectangle

  it('is drawn like this', () => {
    const told = [...drawn.rooms, ...drawn.cards].map(
      ([id, r]) => `${id} ${[r.x, r.y, r.width, r.height].map(Math.round).join(' ')}`,
    )
    expect([`all ${Math.round(drawn.width)} ${Math.round(drawn.height)}`, ...told]).toMatchInlineSnapshot(`
      [
        "all 690 440",
        "net 105 0 468 440",
        "fc1 115 34 100 396",
        "fc2 358 34 100 396",
        "x 0 218 68 52",
        "weight1 137 96 68 52",
        "linear1 137 218 68 52",
        "bias1 137 340 68 52",
        "relu 252 218 68 52",
        "weight2 380 96 68 52",
        "linear2 380 218 68 52",
        "bias2 380 340 68 52",
        "sigmoid 495 218 68 52",
        "loss 622 224 68 52",
        "y 622 346 68 52",
      ]
    `)
  })

  it('has the parameters of a layer in the column of their operation', () => {
    const middle = (id: string) => card(id).x + card(id).width / 2
    for (const n of ['1', '2']) {
      expect(middle(`weight${n}`)).toBe(middle(`linear${n}`))
      expect(middle(`bias${n}`)).toBe(middle(`linear${n}`))
      expect(card(`weight${n}`).y).toBeLessThan(card(`linear${n}`).y)
      expect(card(`bias${n}`).y).toBeGreaterThan(card(`linear${n}`).y)
    }
    expect(middle('y')).toBe(middle('loss'))
  })

  it('leads the edges of parameters past the numbers, from the side of one card to the side of the other', () => {
    const path = drawn.paths.get('e1') ?? []
    expect(drawn.brackets.has('e1')).toBe(true)
    expect(path[0]?.x).toBe(card('weight1').x)
    expect(path.at(-1)?.x).toBe(card('linear1').x)
    for (const p of path.slice(1, -1)) expect(p.x).toBeLessThan(card('weight1').x)
  })

  it('has level edges from layer to layer', () => {
    for (const edge of ['e3', 'e4', 'e7'])
      expect(new Set(drawn.paths.get(edge)?.map((p) => Math.round(p.y))).size).toBe(1)
  })

  it('is a card when it is closed', () => {
    const closed = layout(MODULE, new Set(), size)
    expect([...closed.cards.keys()].sort()).toEqual(['loss', 'net', 'x', 'y'])
  })
})

describe('the gaps between columns', () => {
  /** Operations one after the other. */
  function chain(count: number): Graph {
    const nodes = Array.from({ length: count }, (_, i) => nodeOf(`n${i}:sin`, null))
    const edges = nodes.slice(1).map((node, i) => ({
      ...{ id: `e${i}`, source: nodes[i]?.id ?? '', output: 0 },
      ...{ target: node.id, argument: 'self' },
    }))
    return { id: 0, nodes, edges, groups: [] }
  }
  const gap = (count: number) => {
    const { cards } = layoutOf(viewOf(foldsOf(chain(count)), new Set()), size)
    const [first, second] = [...cards.values()]
    return Math.round((second?.x ?? 0) - (first?.x ?? 0) - (first?.width ?? 0))
  }

  it('are as wide as a travelling number where there is room', () => {
    expect(gap(4)).toBe(96)
  })

  it('are narrow where that lets the drawing be shown whole', () => {
    expect(gap(9)).toBe(28)
  })

  it('let a contribution come to rest between two cards where the drawing is cut anyway', () => {
    expect(gap(14)).toBe(88)
  })
})
