/** The shape of what each line has computed, behind its text: no part of the text, and never in its way. */

import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view'
import { ran } from './ran-program'

/** Per line of the run, from 1, what stands behind it. */
export const setHints = StateEffect.define<ReadonlyMap<number, string>>()

interface Hints {
  texts: ReadonlyMap<number, string>
  shown: DecorationSet
}

const field = StateField.define<Hints>({
  create: () => ({ texts: new Map(), shown: Decoration.none }),
  update: (before, transaction) => {
    const texts = transaction.effects.findLast((one) => one.is(setHints))?.value ?? before.texts
    if (texts === before.texts && transaction.state.field(ran) === transaction.startState.field(ran)) return before
    return { texts, shown: decorate(transaction.state, texts) }
  },
  provide: (self) => EditorView.decorations.from(self, ({ shown }) => shown),
})

/** A hint for which a line has no room is not shown: it must neither wrap the line nor lie on its text. */
const room = ViewPlugin.fromClass(
  class {
    constructor(view: EditorView) {
      this.measure(view)
    }

    update(update: ViewUpdate): void {
      const changed = update.startState.field(field) !== update.state.field(field)
      if (changed || update.geometryChanged || update.viewportChanged) this.measure(update.view)
    }

    private measure(view: EditorView): void {
      view.requestMeasure({
        key: this,
        read: () => {
          const { right } = view.scrollDOM.getBoundingClientRect()
          const hints = [...view.contentDOM.querySelectorAll('.hint')]
          return hints.map((hint) => [hint, hint.getBoundingClientRect().right > right] as const)
        },
        write: (found) => {
          for (const [hint, cut] of found) hint.classList.toggle('cut', cut)
        },
      })
    }
  },
)

export const hints: Extension = [field, room]

function decorate(state: EditorState, texts: ReadonlyMap<number, string>): DecorationSet {
  const ranges: Range<Decoration>[] = []
  state.field(ran).origins.forEach((origin, i) => {
    const text = origin === null ? undefined : texts.get(origin)
    if (text === undefined || i >= state.doc.lines) return
    ranges.push(Decoration.widget({ widget: new Hint(text), side: 1 }).range(state.doc.line(i + 1).to))
  })
  return Decoration.set(ranges)
}

class Hint extends WidgetType {
  constructor(private readonly text: string) {
    super()
  }

  override eq(other: Hint): boolean {
    return other.text === this.text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span')
    element.className = 'hint'
    // written by the style sheet: who selects, searches or reads the page's text must not find it in the program
    element.dataset.shape = this.text
    // a screen reader reads the program; the hover card has the shapes
    element.setAttribute('aria-hidden', 'true')
    return element
  }
}
