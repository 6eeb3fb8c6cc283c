// @vitest-environment happy-dom
/**
 * Every formula of the explanations that lessons, cases and samples of operations give, drawn as the page draws it: one of each
 * kind on a push, all of them at night.
 *
 * The pages come from `python -m tests.e2e.explanation_fixtures` (`make fixtures`), which writes them into static/.fixtures.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { TemplateResult } from 'lit'
import temml from 'temml'
import { expect, it } from 'vitest'
import type { Explanation, NodeExplanation, UpdateExplanation } from '../../core/contract'
import { chainPage } from './chain-page'
import type { Page } from './explain-page'
import { gradientPage } from './gradient-page'
import { partsOf, piecesOf } from './latex'
import { OPTIONS } from './mathml'
import { updatePage, valuePage } from './value-page'

const FILE = resolve('.fixtures/explanations/pages.json.gz')
/** What was found, for the counts in docs/explanations.md. */
const FOUND = resolve('.fixtures/explanations/drawn.json')

/** `times`: how many pages have these formulas, with other digits. */
type Told = { of: string; times: number } & (
  | { kind: 'Explanation'; page: Explanation }
  | { kind: 'NodeExplanation'; page: NodeExplanation }
  | { kind: 'UpdateExplanation'; page: UpdateExplanation }
)

const PAGE: Page = {
  label: (id) => id,
  node: '',
  target: () => '',
  check: () => null,
  select: () => undefined,
  choose: () => undefined,
}

function drawn(told: Told) {
  if (told.kind === 'Explanation') return chainPage(told.page, PAGE, told.page.node, false, null)
  if (told.kind === 'UpdateExplanation') return updatePage(told.page, PAGE)
  return told.page.pass === null ? valuePage(told.page, PAGE) : gradientPage(told.page, PAGE)
}

/** Whether a piece can be drawn, by the piece without its digits. */
const drawable = new Map<string, boolean>()

function canBeDrawn(piece: string): boolean {
  const look = piece.replace(/\d+/g, '0')
  const known = drawable.get(look)
  if (known !== undefined) return known
  let can = true
  try {
    temml.renderToString(piece, OPTIONS)
  } catch {
    can = false
  }
  drawable.set(look, can)
  return can
}

/** What a template gives to `.tex`, in it and in all that it holds. */
function formulasIn(template: unknown): string[] {
  if (Array.isArray(template)) return template.flatMap(formulasIn)
  if (typeof template !== 'object' || template === null || !('values' in template)) return []
  const { strings, values } = template as TemplateResult
  return values.flatMap((value, i) => (strings[i]?.endsWith('.tex=') ? [value as string] : formulasIn(value)))
}

/** The formulas of a page that cannot be drawn. */
const failing = (told: Told) =>
  formulasIn(drawn(told))
    .flatMap(piecesOf)
    .flatMap((piece) => [piece, ...partsOf(piece)])
    .filter((piece) => !canBeDrawn(piece))

it('every formula of every page can be drawn', () => {
  expect(existsSync(FILE), 'run make fixtures').toBe(true)
  const { everything, count, different } = JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf-8')) as {
    everything: boolean
    count: number
    different: Told[]
  }
  expect(count).toBeGreaterThan(everything ? 25_000 : 9_000)
  const faults = different.map((told) => ({ told, pieces: failing(told) })).filter(({ pieces }) => pieces.length > 0)
  const pages = faults.reduce((sum, { told }) => sum + told.times, 0)
  writeFileSync(FOUND, JSON.stringify({ everything, count, failing: pages }))
  expect(faults.map(({ told, pieces }) => `${told.of}, ${told.page.op}: ${pieces.join(' | ')}`)).toEqual([])
  expect(pages).toBe(0)
}, 120_000)
