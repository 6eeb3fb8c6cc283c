// @vitest-environment happy-dom
import { html, render } from 'lit'
import { afterEach, expect, test, vi } from 'vitest'
import type { Graph, Iteration } from '../core/contract'
import { Emitter } from '../core/emitter'
import { graphOf } from '../core/testing'
import neuron from '../golden/recordings/neuron.json'
import { follow } from '../ui/follow'
import type { Frame } from '../walk/model'
import { buildTimeline, frameAt } from '../walk/timeline'
import { ALTITUDES } from './altitudes'
import { nodeDecorations, UNDECORATED } from './decorations'
import { Stage } from './stage'

const { graph, iteration } = neuron as unknown as { graph: Graph; iteration: Iteration }
const timeline = buildTimeline(graph, iteration)
const last = timeline.steps.length - 1

afterEach(() => document.body.replaceChildren())

async function shown(given: Partial<Stage> = {}): Promise<Stage> {
  const stage = Object.assign(new Stage(), { graph, iteration, frame: frameAt(timeline, last, 1), ...given })
  document.body.append(stage)
  await settled(stage)
  return stage
}

/** Drawing may ask for another rendering, of the legend for example. */
async function settled(stage: Stage): Promise<void> {
  while (!(await stage.updateComplete));
}

const card = (stage: Stage, node: string) => stage.renderRoot.querySelector(`g.node[data-node="${node}"]`)

test('decorations are drawn at their nodes, and go again', async () => {
  const label = 'values are apart by 1'
  const badges = [{ kind: 'value', output: 0, text: 'Δ +1', isQuiet: false, label }] as const
  const presence = { kind: 'alone', text: 'only in B' } as const
  const [edge = ''] = graph.edges.map(({ id }) => id)
  const { nodes } = nodeDecorations([
    ['n0', { isBreakpoint: true, severity: 'warning', question: 'ticked' }],
    ['n2', { presence, badges }],
  ])
  const stage = await shown({ decorations: { nodes, edges: new Map([[edge, { presence: 'absent' }]]) } })
  const [first, third] = [card(stage, 'n0'), card(stage, 'n2')]
  expect(first?.querySelector('.stop')).not.toBeNull()
  expect(first?.querySelector('.finding.warning .outline')?.getAttribute('d')).not.toBe('')
  expect(first?.getAttribute('data-predict')).toBe('ticked')
  expect(first?.getAttribute('aria-label')).toMatch(/, breakpoint, finding: warning$/)
  expect(third?.getAttribute('data-difference')).toBe('alone')
  expect(third?.getAttribute('aria-description')).toBe(`${label}, only in B`)
  const texts = () => [...stage.renderRoot.querySelectorAll('g.badge text')].map((text) => text.textContent)
  expect(texts()).toEqual(['Δ +1', 'only in B'])
  expect(stage.renderRoot.querySelector(`#edge-${edge}`)?.getAttribute('data-difference')).toBe('absent')
  stage.decorations = UNDECORATED
  await settled(stage)
  expect(stage.renderRoot.querySelectorAll('.stop, .finding, .badge, [data-predict], [data-difference]')).toHaveLength(
    0,
  )
})

test('frames reach the stage without a rendering of what is around it', async () => {
  const frames = new Emitter<Frame | null>(null)
  const around = vi.fn(
    () => html`<gw-stage .graph=${graph} .iteration=${iteration} .frame=${follow(frames)}></gw-stage>`,
  )
  render(around(), document.body)
  const stage = document.body.querySelector('gw-stage') as Stage
  await settled(stage)
  expect(card(stage, 'n0')).toBeNull()
  frames.emit(frameAt(timeline, 0, 1))
  await settled(stage)
  expect(card(stage, 'n0')?.classList.contains('active')).toBe(true)
  frames.emit(frameAt(timeline, 1, 1))
  await settled(stage)
  expect(card(stage, 'n0')?.classList.contains('active')).toBe(false)
  expect(around).toHaveBeenCalledOnce()
})

test('the reader opens groups, and the page is told', async () => {
  const grouped = graphOf(
    [
      ['x', null],
      ['a:mul', 'g'],
      ['b:add', 'g'],
    ],
    [
      ['x', 'a'],
      ['a', 'b'],
    ],
    [['g', null]],
  )
  const stage = await shown({ graph: grouped, iteration: null, open: [] })
  const told = vi.fn()
  stage.addEventListener('gw-open', (event) => told((event as CustomEvent).detail))
  expect(stage.membersAround('a')).toEqual(new Set(['a', 'b']))
  stage.renderRoot.querySelector('g.closed-room')?.dispatchEvent(new MouseEvent('click'))
  await settled(stage)
  expect(told).toHaveBeenCalledWith({ open: ['g'] })
  expect(card(stage, 'a')).not.toBeNull()
  stage.toggleAll()
  await settled(stage)
  expect(card(stage, 'a')).toBeNull()
})

test('every altitude has a name of its own, and draws a program or says why not', () => {
  expect(new Set(ALTITUDES.map(({ id }) => id)).size).toBe(ALTITUDES.length)
  for (const { name, whyUnavailable } of ALTITUDES) {
    expect(name).not.toBe('')
    expect(whyUnavailable(graph, iteration) ?? 'a sentence.').toMatch(/\.$/)
  }
})

test('an altitude that does not exist is the first one', async () => {
  const stage = await shown({ altitude: 'moon' })
  expect(card(stage, 'n0')).not.toBeNull()
})
