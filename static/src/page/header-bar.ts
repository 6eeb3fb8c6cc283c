/** The bar on top: which lesson, run, share, theme, help. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Lesson, LessonSummary } from '../core/contract'
import type { Theme } from '../core/theme'
import { send } from '../ui/events'
import { controls } from '../ui/styles'
import type { Action, HeaderButton } from './actions'

@customElement('gw-header')
export class HeaderBar extends LitElement {
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  @property({ attribute: false }) lesson: Lesson | null = null
  @property() theme: Theme = 'light'
  @property({ type: Boolean }) running = false
  /** True if the picture is of another program than the lesson's. */
  @property({ type: Boolean }) own = false
  @property({ type: Boolean }) reading = false
  /** The actions of the page: some of them have a button here. */
  @property({ attribute: false }) actions: readonly Action[] = []

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 14px;
        height: 48px;
        padding: 0 16px;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }

      .logo {
        color: var(--ink);
        font-size: 17px;
        font-weight: 700;
        letter-spacing: -0.01em;
        text-decoration: none;
      }

      .logo span {
        color: var(--gradient);
      }

      .about {
        flex: 1;
        overflow: hidden;
        min-width: 0;
        color: var(--muted);
        font-size: 12.5px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .keys {
        font-size: 11.5px;
        opacity: 0.75;
      }

      /* Run and Cancel take turns: what stands beside them must not move */
      .strong {
        justify-content: center;
        width: 118px;
      }

      .square {
        justify-content: center;
        width: 38px;
        padding: 0;
      }

      @media (max-width: 899px) {
        :host {
          gap: 8px;
          padding: 0 10px;
        }

        .strong {
          width: 92px;
        }

        .about,
        .keys,
        .wide {
          display: none;
        }

        ::slotted(*) {
          flex: 1;
          min-width: 0;
        }
      }

      /* the name of the lesson says more here than the name of the page */
      @media (max-width: 480px) {
        .logo {
          display: none;
        }
      }
    `,
  ]

  override render() {
    const next = this.theme === 'light' ? 'dark' : 'light'
    return html`
      <a class="logo" href="/" aria-label="Gradwalk, start page">Grad<span>walk</span></a>
      <slot></slot>
      ${this.buttons('left')}
      <div class="about">${this.about()}</div>
      ${this.lesson ? this.textToggle() : nothing}
      ${this.running ? this.cancelButton() : this.runButton()}
      ${this.buttons('right')}
      <button class="button square" aria-label="Switch to the ${next} theme" title="Switch to the ${next} theme"
        @click=${() => send(this, 'gw-action', { action: 'theme' })}>${this.theme === 'light' ? '☾' : '☀'}</button>
      <button class="button square" aria-label="All keys" title="All keys (?)"
        @click=${() => send(this, 'gw-action', { action: 'help' })}>?</button>
    `
  }

  private buttons(side: HeaderButton['side']) {
    const here = this.actions.flatMap(({ id, button, keys }) => (button?.side === side ? [{ id, button, keys }] : []))
    return here
      .sort((a, b) => a.button.order - b.button.order)
      .map(
        ({
          id,
          button,
          keys,
        }) => html`<button class="button wide" title=${button.hint} aria-keyshortcuts=${keys.at(-1) ?? nothing}
          aria-pressed=${button.isPressed?.() ?? nothing} @click=${() => send(this, 'gw-action', { action: id })}>${button.text}</button>`,
      )
  }

  private about(): string {
    const at = this.lessons.findIndex((one) => one.slug === this.lesson?.slug)
    if (this.lesson === null) return 'Your own program'
    if (this.own) return `Your own program, begun from “${this.lesson.title}”`
    return `${this.lesson.summary.replace(/\.$/, '')} · ${at + 1} of ${this.lessons.length}`
  }

  private textToggle() {
    return html`<button class="button wide" aria-pressed=${this.reading}
      @click=${() => send(this, 'gw-panel', { panel: this.reading ? 'inspector' : 'lesson' })}>Lesson text</button>`
  }

  private runButton() {
    return html`<button class="button strong" title="Run the program (Ctrl+Enter)" aria-keyshortcuts="Control+Enter"
      @click=${() => send(this, 'gw-action', { action: 'run' })}>▶ Run <span class="keys">Ctrl ↵</span></button>`
  }

  private cancelButton() {
    return html`<button class="button strong" @click=${() => send(this, 'gw-cancel', {})}>■ Cancel</button>`
  }
}
