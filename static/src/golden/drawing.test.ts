// @vitest-environment happy-dom
/**
 * Goldens of the drawing: the whole stage as an svg document, with every look written out, as it stands at the end of the backward pass.
 *
 * `npm run goldens` writes them again after a change that is meant; a browser shows what has changed.
 */

import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { Stage } from '../stage/stage'
import { narrate } from '../walk/sentences'
import { buildTimeline, frameAt } from '../walk/timeline'
import { PROGRAMS } from './recorded-programs'
import { installMeasures } from './svg-measures'

beforeAll(() => {
  installMeasures()
  const theme = document.createElement('style')
  theme.textContent = readFileSync('src/app/theme.css', 'utf8')
  document.head.append(theme)
})

test.each(PROGRAMS)('$name is drawn as before', async ({ name, graph, iteration, observations }) => {
  const timeline = buildTimeline(graph, iteration, observations)
  const step = timeline.steps.findLastIndex(({ phase }) => phase === 'backward')
  const stage = new Stage()
  Object.assign(stage, { graph, iteration, frame: frameAt(timeline, step, 1) })
  document.body.append(stage)
  await stage.updateComplete
  const svg = await stage.picture('light', { title: name, description: narrate(timeline, step).text })
  stage.remove()
  await expect(inLines(svg ?? '')).toMatchFileSnapshot(`./goldens/${name}.svg`)
})

/** Return an svg document with one element a line and lengths in whole tenths: what lies below is no difference that anybody sees. */
function inLines(svg: string): string {
  const tenths = (text: string) => text.replaceAll(/\d+\.\d\d+/g, (x) => `${Math.round(Number(x) * 10) / 10}`)
  return svg.replaceAll('><', '>\n<').replaceAll(/ (?:d|transform|x|y|width|height)="[^"]*"/g, tenths)
}
