/** The glossary: all words in a dialog, and the definition of a word where it is used. */

import { html } from 'lit'
import type { GlossaryWord } from '../../core/contract'
import { WordFinder } from '../../core/word-finder'
import type { CreateFeature } from '../../page/feature'

/** Milliseconds in which the page shows its first picture; definitions can wait. */
const QUIET = 600

export const glossary: CreateFeature = (page) => {
  let words: readonly GlossaryWord[] = []
  let coming: Promise<void> | null = null

  /** Fetches the words, once; a failed attempt is repeated by the next call. */
  const load = async (): Promise<void> => {
    if (words.length > 0) return
    coming ??= fetchWords().finally(() => {
      coming = null
    })
    return coming
  }
  const fetchWords = async () => {
    const [found] = await Promise.all([page.client.glossary(), import('./glossary-word')])
    words = found
    page.words = new WordFinder(found)
    page.host.requestUpdate()
  }

  const open = async (id: string | null) => {
    try {
      await load()
    } catch {
      page.notify({ kind: 'info', text: 'The glossary could not be loaded: the server cannot be reached.' })
      return
    }
    await page.openDialog('glossary', id)
  }
  const onWord = (event: Event) => void open((event as CustomEvent<{ word: string }>).detail.word)

  return {
    id: 'glossary',
    actions: [
      {
        id: 'glossary',
        label: 'Glossary: look up a word',
        keys: ['d', 'D'],
        shown: 'D',
        group: 'Page',
        row: { shown: 'D', does: 'Glossary: the definition of a word, and the lesson that shows it' },
        run: () => open(null),
      },
    ],
    slots: {
      dialog: {
        name: 'The glossary',
        tag: 'gw-glossary',
        load: () => import('./glossary-dialog'),
        render: () => html`<gw-glossary .words=${words}></gw-glossary>`,
      },
    },
    connect: () => {
      page.host.addEventListener('gw-glossary-word', onWord)
      // texts do without definitions as long as the server cannot be reached
      const timer = setTimeout(() => void load().catch(() => {}), QUIET)
      return {
        dispose: () => {
          clearTimeout(timer)
          page.host.removeEventListener('gw-glossary-word', onWord)
        },
      }
    },
  }
}
