/** Where the program and its console stand. */

import { html } from 'lit'
import type { Store } from '../../core/store'
import type { Arrangement } from '../../page/arrangement'
import { split } from '../../page/panels'
import type { Session } from '../../page/session'
import { draftKey, isEdited, type PageState, ranSource } from '../../page/state'
import type { Walk } from '../../page/walk'
import type { PageEvents } from '../../ui/events'
import { atLine, linesOf, toggled } from '../../walk/breakpoints'
import type { Frame } from '../../walk/model'
import { marksOf } from './program-marks'

/** What the panel shows and changes of the page. Its other events are the page's own. */
export interface ProgramRoom {
  store: Store<PageState>
  session: Session
  walk: Walk
  arrangement: Arrangement
}

/** `goToLine`: what the page does with a line that is clicked. */
export function programPanel(
  { store, session, walk, arrangement }: ProgramRoom,
  frame: Frame | null,
  goToLine: (line: number) => void,
) {
  const page = store.state
  const failed = page.head?.outcome.error ? 'failed' : ''
  return html`<section class="program ${failed}" aria-label="Program" ?hidden=${arrangement.sizes.program === 0}>
    <gw-editor .source=${page.source} .program=${draftKey(page)} .ran=${ranSource(page)} .marks=${marksOf(page, walk.timeline, frame)}
      .timeline=${walk.timeline} .step=${page.step} .edited=${page.head !== null && isEdited(page)}
      .shapes=${page.shapes} .live=${page.live} .draft=${page.draft} .breaks=${linesOf(page.breakpoints)}
      @gw-line=${(e: CustomEvent<PageEvents['gw-line']>) => goToLine(e.detail.line)}
      @gw-break=${(e: CustomEvent<PageEvents['gw-break']>) => store.update({ breakpoints: toggled(page.breakpoints, atLine(e.detail.line)) })}
      @gw-edit=${(e: CustomEvent<PageEvents['gw-edit']>) => session.drafting.edit(e.detail.source)}
      @gw-reset=${() => session.drafting.reset()} @gw-swap-drafts=${() => session.drafting.swapDrafts()}></gw-editor>
    ${split(arrangement, 'console', 'Height of the console', 'up')}
    <gw-console role="region" tabindex="0" aria-label="Console" .entries=${page.head?.console ?? []} .outcome=${page.head?.outcome ?? null}
      .truncated=${page.head?.truncated ?? null} ?hidden=${arrangement.sizes.console === 0}></gw-console>
  </section>`
}
