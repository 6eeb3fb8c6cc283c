/** The panel of the stage: the drawing with the sentence of the step, and what features put over it or in its place. */

import { html, type TemplateResult } from 'lit'
import { follow } from '../ui/follow'
import { narrate } from '../walk/sentences'
import { emptyStage } from './empty-stage'
import type { PageController } from './page-controller'
import { StageMarks } from './stage-marks'

export class StagePanel {
  private readonly marks: StageMarks

  constructor(private readonly page: PageController) {
    this.marks = new StageMarks(page)
  }

  render(): TemplateResult {
    const { busy, notice } = this.page.store.state
    return html`<section class="stage" aria-label="Stage">
      <gw-notice .busy=${busy} .notice=${notice}></gw-notice>
      ${this.content()}
    </section>`
  }

  private content(): unknown {
    const { store, slots, walk } = this.page
    if (slots.isFilled('picture')) return slots.render('picture')
    if (walk.timeline === null) return emptyStage(store.state)
    return html`${this.drawing()} ${slots.render('stage')} ${this.sentence()} ${slots.render('card')}`
  }

  private drawing() {
    const { store, walk, pullable } = this.page
    const { head, open, selected, theme } = store.state
    return html`<gw-stage .graph=${walk.timeline?.graph} .iteration=${walk.timeline?.iteration}
      .frame=${follow(walk.frames)} .selected=${selected} .failed=${head?.outcome.error?.node ?? null}
      .loss=${walk.lossNode} .theme=${theme} .pullable=${pullable} .open=${open}
      .marked=${this.marks.marked}></gw-stage>`
  }

  private sentence() {
    const { walk, store } = this.page
    const { step, playing, variation } = store.state
    const narration = walk.timeline && narrate(walk.timeline, step)
    return html`<gw-narration .parts=${narration?.parts ?? []}
      .text=${variation?.moving ? '' : (narration?.text ?? '')}
      .phase=${walk.timeline?.steps[step]?.phase ?? 'forward'} .playing=${playing}></gw-narration>`
  }
}
