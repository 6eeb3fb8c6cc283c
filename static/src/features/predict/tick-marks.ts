/** What is ticked, in the card and on the stage: a click on a node that can be chosen ticks it. */

import { css, type LitElement } from 'lit'
import type { Question } from '../../core/contract'
import type { PageEvents } from '../../ui/events'

const look = css`
  [data-predict] .card,
  [data-predict] .front {
    stroke: var(--focus);
    stroke-width: 2.5;
    stroke-dasharray: 7 4;
  }
  [data-predict='ticked'] .card,
  [data-predict='ticked'] .front {
    stroke-width: 5;
    stroke-dasharray: none;
  }
`

export class Ticks {
  private readonly ticked = new Set<string>()
  private readonly styled = new WeakSet<ShadowRoot>()

  /** `open`: the question that waits for an answer. */
  constructor(
    private readonly host: LitElement,
    private readonly open: () => Question | null,
    private readonly changed: () => void,
  ) {
    // before the page takes the click for a selection
    host.renderRoot.addEventListener('gw-select', this.onSelect, { capture: true })
  }

  dispose(): void {
    this.host.renderRoot.removeEventListener('gw-select', this.onSelect, { capture: true })
  }

  get values(): readonly string[] {
    return [...this.ticked]
  }

  has(value: string): boolean {
    return this.ticked.has(value)
  }

  clear(): void {
    this.ticked.clear()
  }

  /** Ticks a choice or takes the tick away; where one is asked for, it takes the place of the other. */
  turn(value: string): void {
    const only = this.open()?.form === 'one'
    const was = this.ticked.has(value)
    if (only) this.ticked.clear()
    if (was && !only) this.ticked.delete(value)
    else this.ticked.add(value)
    this.changed()
  }

  /** Marks the cards of the stage. What lies in a closed group has no card. */
  show(shown: boolean, asked: string | null): void {
    const root = this.host.renderRoot.querySelector('gw-stage')?.shadowRoot
    if (!root) return
    this.dress(root)
    const choices = new Set(shown ? this.open()?.choices.flatMap(({ node }) => node ?? []) : [])
    for (const card of root.querySelectorAll<SVGGElement>('g.node')) {
      const node = card.dataset.node ?? ''
      const word = choices.has(node)
        ? this.ticked.has(node)
          ? 'ticked'
          : 'choice'
        : node === asked && shown
          ? 'asked'
          : null
      if (word === null) card.removeAttribute('data-predict')
      else card.setAttribute('data-predict', word)
    }
  }

  private dress(root: ShadowRoot): void {
    if (this.styled.has(root) || !look.styleSheet) return
    this.styled.add(root)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, look.styleSheet]
  }

  private readonly onSelect = (event: Event) => {
    const { node } = (event as CustomEvent<PageEvents['gw-select']>).detail
    const onStage = event.composedPath().some((one) => one instanceof Element && one.localName === 'gw-stage')
    if (node === null || !onStage || !this.open()?.choices.some((choice) => choice.node === node)) return
    event.stopPropagation()
    this.turn(node)
  }
}
