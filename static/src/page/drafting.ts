/** The text in the editor: written, kept as a draft from visit to visit and from tab to tab, and put back. */

import type { Store } from '../core/store'
import type { Drafts } from './draft-book'
import { draftKey, isEdited, NO_NOTE, type PageState, ranSource } from './state'

export class Drafting {
  private saidLost = false

  constructor(
    private readonly store: Store<PageState>,
    private readonly drafts: Drafts,
  ) {}

  /** The reader typed. */
  edit(source: string): void {
    this.store.update({ source })
    this.keep()
  }

  /** Puts the program that was run back into the editor. */
  reset(): void {
    this.edit(ranSource(this.store.state))
    this.store.update({ draft: { ...this.store.state.draft, restored: null } })
  }

  /** Puts another text into the editor. What the reader had written is kept, and can be had back. */
  put(source: string): void {
    const key = draftKey(this.store.state)
    if (isEdited(this.store.state) && this.store.state.source !== source)
      this.drafts.setAside(key, this.store.state.source)
    this.edit(source)
    this.store.update({ draft: { ...NO_NOTE, other: isOther(this.drafts, key, source) } })
  }

  /** Shows the draft that another tab has of this program; the one in the editor is kept in its place. */
  swapDrafts(): void {
    const key = draftKey(this.store.state)
    const other = this.drafts.other(key, this.store.state.source)
    if (other === null) return
    this.drafts.drop(key, other)
    if (isEdited(this.store.state)) this.drafts.setAside(key, this.store.state.source)
    this.edit(other.source)
    this.store.update({
      draft: { restored: other.at, elsewhere: false, other: isOther(this.drafts, key, other.source) },
    })
  }

  /** Says when another tab edits the program that is on show. Returns the way to stop. */
  watchDrafts(): () => void {
    return this.drafts.watch((program) => {
      const key = draftKey(this.store.state)
      if (program !== key) return
      // the other tab may have taken over this one's draft when it was opened
      if (isEdited(this.store.state) && !this.drafts.holds(key)) this.drafts.keep(key, this.store.state.source)
      const other = isOther(this.drafts, key, this.store.state.source)
      this.store.update({ draft: { ...this.store.state.draft, elsewhere: true, other } })
    })
  }

  private keep(): void {
    const { source, live, own, lesson } = this.store.state
    const kept = this.drafts.keep(draftKey(this.store.state), isEdited(this.store.state) ? source : null)
    // what runs by itself is a snapshot that nobody has asked for: who opens the lesson again goes on with the text
    if (live && own && lesson) this.drafts.keep(lesson.slug, source)
    if (kept || this.saidLost) return
    this.saidLost = true
    const text =
      'This browser keeps nothing more for this page: its storage is full or forbidden. Your program is here until this tab is closed.'
    this.store.update({ notice: { kind: 'info', text } })
  }

  /** The draft of what is on show, if there is one, and what there is to say about it. */
  restore(source: string): void {
    const key = draftKey(this.store.state)
    const draft = this.drafts.take(key)
    const text = draft?.source ?? source
    const restored = draft === null || draft.source === source ? null : draft.at
    this.store.update({ source: text, draft: { ...NO_NOTE, restored, other: isOther(this.drafts, key, text) } })
  }

  /** After a run: the draft of it is done with; what was typed meanwhile is the draft of the next. */
  goOn({ source, key }: { source: string; key: string }): void {
    this.drafts.keep(key, null)
    if (this.store.state.lesson) this.drafts.keep(this.store.state.lesson.slug, null)
    if (this.store.state.source === source) this.store.update({ draft: NO_NOTE })
    this.keep()
  }
}

function isOther(drafts: Drafts, key: string, source: string): boolean {
  return drafts.other(key, source) !== null
}
