/** The map of the course: all lessons in their parts, what each builds on, and what was done in this browser. */

import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { LessonSummary } from '../../core/contract'
import { dialogs } from '../../ui/dialog-styles'
import { send } from '../../ui/events'
import { controls } from '../../ui/styles'
import { type CourseEntry, courseOf, doneText } from './course-entries'
import { inParts } from './lesson-chapters'

@customElement('gw-course-map')
export class CourseMap extends LitElement {
  @property({ attribute: false }) lessons: readonly LessonSummary[] = []
  /** The slug of the lesson that is open; null for the reader's own program. */
  @property({ attribute: false }) current: string | null = null
  /** While it is closed nothing is drawn, and what was done meanwhile is read when it opens. */
  @state() private shown = false
  @query('dialog') private dialog!: HTMLDialogElement

  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: min(1180px, calc(100vw - 32px));
        height: min(900px, calc(100vh - 48px));
      }

      .course {
        columns: 3 320px;
        column-gap: 28px;
      }

      h3 {
        margin: 0 0 6px;
        font-size: 14.5px;
        break-after: avoid;
      }

      section {
        margin-bottom: 18px;
      }

      ol {
        margin: 0;
        padding-left: 28px;
      }

      li {
        margin-bottom: 8px;
        break-inside: avoid;
      }

      li::marker {
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }

      .title {
        font-weight: 600;
      }

      [aria-current] {
        background: var(--value-tint);
      }

      .here {
        font-size: 12.5px;
      }

      small,
      .muted {
        color: var(--muted);
        font-size: 12.5px;
      }

      small {
        display: block;
      }

      a {
        color: var(--value);
      }

      .done {
        color: var(--good);
        font-size: 12.5px;
      }
    `,
  ]

  override render() {
    const course = this.shown ? courseOf(this.lessons) : []
    const done = course.filter((one) => one.isDone).length
    return html`<dialog aria-labelledby="title" @close=${this.onClose}>
      <header role="none"><h2 id="title">Map of the course</h2><form method="dialog"><button class="button">Close</button></form></header>
      <p class="muted">${this.lessons.length} lessons in the order in which they build on each other; ${done} done in this browser.</p>
      <div class="course">${inParts(course).map(
        ({ name, lessons }) => html`<section aria-label=${name || 'Lessons'}><h3>${name}</h3>
          <ol start=${lessons[0]?.number ?? 1}>${lessons.map((one) => this.item(one))}</ol></section>`,
      )}</div>
    </dialog>`
  }

  /** Opens the map at the lesson that is open. */
  async show(): Promise<void> {
    if (this.dialog.open) return
    this.shown = true
    await this.updateComplete
    this.dialog.showModal()
    const here = this.renderRoot.querySelector<HTMLElement>('[aria-current] .title')
    here?.focus({ preventScroll: true })
    here?.scrollIntoView({ block: 'center' })
  }

  private item(one: CourseEntry) {
    const here = one.slug === this.current
    const told = doneText(one)
    return html`<li aria-current=${here ? 'page' : nothing}>${this.link(one.slug, one.title, 'title')}
      ${told === '' ? nothing : html`<span class=${one.isDone ? 'done' : 'muted'}>${told}</span>`}${here ? html` <span class="here">open now</span>` : nothing}
      <small>${one.summary}</small>${this.related('Builds on', one.needs)}${this.related('Leads to', one.leadsTo)}</li>`
  }

  private related(what: string, lessons: readonly LessonSummary[]) {
    if (lessons.length === 0) return nothing
    return html`<small>${what} ${lessons.map((one, k) => html`${k === 0 ? '' : ', '}${this.link(one.slug, one.title, '')}`)}</small>`
  }

  private link(slug: string, title: string, kind: string) {
    return html`<a class=${kind || nothing} href="/lessons/${slug}" @click=${(e: MouseEvent) => this.follow(e, slug)}>${title}</a>`
  }

  private follow(event: MouseEvent, slug: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.dialog.close()
    send(this, 'gw-lesson', { slug })
  }

  private onClose = () => {
    this.shown = false
  }
}
