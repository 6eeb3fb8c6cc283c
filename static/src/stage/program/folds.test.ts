import { describe, expect, it } from 'vitest'
import type { Graph } from '../../core/contract'
import { graphOf, MODULE } from '../../core/testing'
import { type Folds, foldsOf } from './folds'
import { viewOf } from './graph-view'

/** "name" and, indented, what is in it; the first of many. */
function outline(folds: Folds, parent: string | null = null, depth = 0): string[] {
  const children = [...folds.folds.values()].filter((fold) => fold.parent === parent)
  return children
    .slice(0, 2)
    .flatMap((fold) => [
      `${'  '.repeat(depth)}${fold.name} (${fold.operations})`,
      ...outline(folds, fold.id, depth + 1),
    ])
}

/** Operations in a row, each "op@line", with "group" before a slash where it stands in one. */
function row(texts: readonly string[], groups: readonly (readonly [string, string | null])[] = []): Graph {
  const graph = graphOf(
    texts.map((text, i) => [
      `n${i}:${text.split('/').at(-1)?.split('@')[0]}`,
      text.includes('/') ? (text.split('/')[0] ?? null) : null,
    ]),
    texts.slice(1).map((_, i) => [`n${i}`, `n${i + 1}`]),
    groups,
  )
  graph.nodes.forEach((node, i) => {
    node.line = Number(texts[i]?.split('@')[1] ?? 1)
  })
  return graph
}

const times = <T>(count: number, make: (i: number) => readonly T[]) =>
  Array.from({ length: count }, (_, i) => make(i)).flat()

describe('folds', () => {
  it('of a small program are its groups, but for those of a single operation', () => {
    expect([...foldsOf(MODULE).folds.keys()]).toEqual(['net', 'fc1', 'fc2'])
    const single = foldsOf(row(['a/relu@1', 'add@2'], [['a', null]]))
    expect(single.folds.size).toBe(0)
    expect(single.home.get('n0')).toBe(null)
  })

  it('of a loop are its body, so many times, each time one member', () => {
    const folds = foldsOf(row(['start@1', ...times(9, () => ['mul@8', 'add@9', 'tanh@10']), 'end@12']))
    expect(outline(folds)).toEqual(['lines 8–10 × 9 (27)', '  1 of 9 (3)', '  2 of 9 (3)'])
  })

  it('of a loop in a loop nest', () => {
    const inner = times(6, () => ['mul@5', 'add@6'])
    const folds = foldsOf(row(times(4, () => ['zero@4', ...inner, 'step@7'])))
    expect(outline(folds).slice(0, 4)).toEqual([
      'lines 4–7 × 4 (56)',
      '  1 of 4 (14)',
      '    lines 5–6 × 6 (12)',
      '      1 of 6 (2)',
    ])
  })

  it('of equal layers are one: the same type with the same inside, whatever it is called', () => {
    const groups = times(12, (i) => [[`layer${i}`, null] as const])
    const folds = foldsOf(
      row(
        times(12, (i) => [`layer${i}/linear@3`, `layer${i}/relu@4`, `layer${i}/add@5`]),
        groups,
      ),
    )
    expect(outline(folds)).toEqual(['M × 12 (36)', '  layer0 (3)', '  layer1 (3)'])
  })

  it('of a loop that calls a module begin where the loop begins', () => {
    const groups = times(9, (i) => [[`fc${i}`, null] as const])
    const graph = row(
      ['start@1', ...times(9, (i) => [`fc${i}/linear@20`, `fc${i}/add@21`, 'tanh@6', 'mul@7']), 'end@9'],
      groups,
    )
    for (const node of graph.nodes) if (node.group !== null) node.path = [{ line: 5, function: '<module>' }]
    expect(outline(foldsOf(graph))).toEqual([
      'lines 5–7 × 9 (36)',
      '  1 of 9 (4)',
      '    fc0 (2)',
      '  2 of 9 (4)',
      '    fc1 (2)',
    ])
  })

  it('of layers that differ inside are several', () => {
    const groups = times(12, (i) => [[`layer${i}`, null] as const])
    const inside = (i: number) => (i < 6 ? ['linear@3', 'relu@4'] : ['linear@3', 'tanh@4', 'mul@5'])
    const folds = foldsOf(
      row(
        times(12, (i) => inside(i).map((op) => `layer${i}/${op}`)),
        groups,
      ),
    )
    expect(outline(folds).filter((line) => !line.startsWith(' '))).toEqual(['M × 6 (12)', 'M × 6 (18)'])
  })

  it('of a long row without structure are stretches of its lines', () => {
    const folds = foldsOf(row(times(150, (i) => [`op${(i * 7919) % 150}@${i + 1}`])))
    expect(outline(folds).slice(0, 2)).toEqual(['lines 1–50 (50)', '  lines 1–10 (10)'])
    expect(viewOf(folds, new Set()).cards.length).toBe(3)
  })

  it('of ten thousand operations leave few cards, at every depth', () => {
    const folds = foldsOf(row(times(5000, () => ['mul@6', 'add@7'])))
    expect(viewOf(folds, new Set()).cards.length).toBe(1)
    const inside = new Map<string | null, number>()
    for (const { parent } of folds.folds.values()) inside.set(parent, (inside.get(parent) ?? 0) + 1)
    expect(Math.max(...inside.values())).toBeLessThanOrEqual(12)
  })

  it('never make a cycle: a group that goes on after another operation is two', () => {
    const graph = row(['g/a@1', 'g/b@2', 'c@3', 'g/d@4', 'g/e@5'], [['g', null]])
    const view = viewOf(foldsOf(graph), new Set())
    expect(view.cards.map((card) => card.fold?.name ?? card.id)).toEqual(['g', 'n2', 'g'])
    expect(view.wires.map(({ source, target }) => `${source} ${target}`)).toEqual(['g n2', `n2 ${view.cards[2]?.id}`])
  })
})

it('groups that a damaged snapshot puts into each other are outermost', () => {
  const graph = row(
    ['a/x@1', 'a/y@2', 'b/x@3', 'b/y@4', 'c/x@5', 'c/y@6'],
    [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'nowhere'],
    ],
  )
  const folds = foldsOf(graph)
  expect(folds.home.size).toBe(6)
  expect(outline(folds).length).toBeGreaterThan(2)
})

describe('leaves', () => {
  const graph = graphOf(
    [
      ['w', null],
      ...times(10, (i) => [[`x${i}`, null] as const, [`h${i}:mul`, null] as const, [`k${i}:add`, null] as const]),
    ],
    times(10, (i) => [
      ['w', `h${i}`] as const,
      [`x${i}`, `h${i}`] as const,
      [`h${i}`, `k${i}`] as const,
      ...(i > 0 ? [[`k${i - 1}`, `h${i}`] as const] : []),
    ]),
  )
  graph.nodes.forEach((node) => {
    node.line = node.id.startsWith('w') ? 1 : node.id.startsWith('k') ? 4 : 3
  })
  const folds = foldsOf(graph)

  it('that all members of a repeat share stand before it', () => {
    expect(folds.home.get('w')).toBe(null)
  })

  it('of one member stand in it', () => {
    expect(folds.folds.get(folds.home.get('x3') ?? '')?.name).toBe('4 of 10')
  })

  it('made on a line before the loop stand before it, though only one member takes them', () => {
    const before = structuredClone(graph)
    const first = before.nodes.find((node) => node.id === 'x0')
    if (first) first.line = 2
    expect(foldsOf(before).home.get('x0')).toBe(null)
  })

  it('that are too many for a room are one card', () => {
    const many = graphOf(
      [...times(40, (i) => [[`x${i}`, null] as const]), ['all:stack', null]],
      times(40, (i) => [[`x${i}`, 'all'] as const]),
    )
    const view = viewOf(foldsOf(many), new Set())
    expect(view.cards.map((card) => card.fold?.name ?? card.id)).toEqual(['40 inputs', 'all'])
    expect(view.wires.map((wire) => wire.edges.length)).toEqual([40])
  })
})
