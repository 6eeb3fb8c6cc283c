/** The text of a lesson. */

import { css, html, LitElement, type PropertyValues } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import type { Lesson } from '../api/types'
import { controls } from '../shell/styles'
import { sanitise } from './sanitise'

@customElement('gw-lesson-text')
export class LessonText extends LitElement {
  @property({ attribute: false }) lesson: Lesson | null = null
  @query('article') private article!: HTMLElement

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 14px 16px 20px;
        font-size: 14.5px;
        line-height: 1.55;
      }

      h1,
      h2,
      h3 {
        margin: 1.2em 0 0.4em;
        font-size: 15px;
        line-height: 1.3;
      }

      h1:first-child,
      h2:first-child {
        margin-top: 0;
        font-size: 17px;
      }

      p,
      ul,
      ol {
        margin: 0 0 0.8em;
      }

      ul,
      ol {
        padding-left: 1.3em;
      }

      li {
        margin-bottom: 0.3em;
      }

      code {
        padding: 1px 4px;
        border-radius: 4px;
        background: var(--room);
        font: 0.88em var(--mono);
      }

      pre {
        padding: 8px 10px;
        overflow: auto;
        border-radius: var(--radius);
        background: var(--room);
      }

      pre code {
        padding: 0;
      }

      a {
        color: var(--value);
      }

      table {
        border-collapse: collapse;
      }

      td,
      th {
        padding: 3px 8px;
        border-bottom: 1px solid var(--line);
        text-align: left;
      }
    `,
  ]

  override render() {
    return html`<h2>${this.lesson?.title}</h2><article aria-label="Lesson text"></article>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('lesson')) this.article.replaceChildren(sanitise(this.lesson?.html ?? ''))
  }
}
