// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { IterationSummary, LoopTurn } from '../core/contract'
import type { RecordingGap } from '../core/recording-gaps'
import type { IterationSlider } from './iteration-slider'
import './iteration-slider'

const turn = (variable: string, value: number | null): LoopTurn => ({ line: 5, number: 1, variable, value })
const one = (index: number, extra: Partial<IterationSummary> = {}): IterationSummary => ({
  index,
  graph: 0,
  kind: 'training',
  turns: [],
  loss: 0.5 + index,
  steps: 3,
  ...extra,
})

async function slider(iterations: IterationSummary[], iteration: number, gaps: RecordingGap[] = []) {
  const element = document.createElement('gw-iterations') as IterationSlider
  Object.assign(element, { iterations, iteration, gaps })
  document.body.replaceChildren(element)
  await element.updateComplete
  const find = (selector: string) => element.renderRoot.querySelector(selector)
  return { text: element.renderRoot.textContent?.replace(/\s+/g, ' ').trim(), find }
}

test('shows the number, the loss and the turn, and says all to a screen reader', async () => {
  const { text, find } = await slider([one(0), one(1, { turns: [turn('epoch', 2), turn('batch', 5)] })], 1)
  expect(text).toContain('iteration 2 of 2 loss 1.5 epoch 2, batch 5')
  expect(find('.turn')?.getAttribute('title')).toBe('epoch 2, batch 5')
  expect(find('input')?.getAttribute('aria-valuetext')).toBe('iteration 2 of 2 (epoch 2, batch 5)')
  expect(find('.evaluation')).toBeNull()
})

test('an evaluation is called so, has a mark of its own and is passed by the curve', async () => {
  const check = one(1, { kind: 'evaluation', turns: [turn('epoch', 2)], loss: null })
  const { text, find } = await slider([one(0), check, one(2)], 1)
  expect(text).toContain('iteration 2 of 3 evaluation, epoch 2')
  expect(find('.evaluation')).not.toBeNull()
  expect(find('.evaluations')?.getAttribute('d')).toMatch(/^M[\d.]+,[\d.]+v-7$/)
  expect(find('svg')?.getAttribute('aria-label')).toBe('Loss of each iteration, with a mark at each evaluation')
  expect(find('path')?.getAttribute('d')?.match(/M/g)).toHaveLength(1)
})

test('without loops there is the number alone', async () => {
  const { text, find } = await slider([one(0)], 0)
  expect(text).toBe('iteration 1 of 1 loss 0.5')
  expect(find('.turn')).toBeNull()
})

test('a place where turns are missing has a line between the two iterations, and is told', async () => {
  const { find } = await slider([one(0), one(1), one(2)], 1, [{ before: 2, passes: 48 }])
  const line = find('.gap')
  expect(line?.textContent).toBe('48 passes not recorded')
  expect(line?.getAttribute('x1')).toBe(String((8 + 107 + 8 + 214) / 2))
  expect(find('svg')?.getAttribute('aria-label')).toContain('48 passes not recorded before iteration 3')
})
