/** The panel of the stage: the drawing with the sentence of the step, and what features put over it or in its place. */

import { html, type TemplateResult } from 'lit'
import { iterationLabel, iterationPlace } from '../core/iteration-names'
import { follow } from '../ui/follow'
import { narrate } from '../walk/sentences'
import { emptyStage } from './empty-stage'
import type { PageController } from './page-controller'

export function stagePanel(page: PageController): TemplateResult {
  const { busy, notice } = page.store.state
  return html`<section class="stage" aria-label="Stage">
    <gw-notice .busy=${busy} .notice=${notice}></gw-notice>
    ${content(page)}
  </section>`
}

function content(page: PageController): unknown {
  const { slots, store, walk } = page
  if (slots.isFilled('picture')) return slots.render('picture')
  if (walk.timeline === null) return emptyStage(store.state)
  return html`${drawing(page)} ${slots.render('stage')} ${sentence(page)} ${slots.render('card')}`
}

function drawing({ decorations, pullable, store, walk }: PageController) {
  const { head, open, selected, theme } = store.state
  return html`<gw-stage .graph=${walk.timeline?.graph} .iteration=${walk.timeline?.iteration}
    .frame=${follow(walk.frames)} .selected=${selected} .failed=${head?.outcome.error?.node ?? null}
    .loss=${walk.lossNode} .theme=${theme} .pullable=${pullable} .open=${open} .decorations=${decorations}></gw-stage>`
}

function sentence({ store, walk, words }: PageController) {
  const { head, playing, step, variation } = store.state
  const all = head?.iterations ?? []
  const at = walk.timeline?.iteration.index ?? 0
  const many = all.length > 1
  const narration = walk.timeline && narrate(walk.timeline, step)
  return html`<gw-narration .parts=${narration?.parts ?? []} .words=${words} .text=${variation?.moving ? '' : (narration?.text ?? '')}
    .where=${many ? iterationLabel(all, at) : null} .spokenWhere=${many ? iterationPlace(all, at) : ''}
    .phase=${walk.timeline?.steps[step]?.phase ?? 'forward'} .playing=${playing}></gw-narration>`
}
