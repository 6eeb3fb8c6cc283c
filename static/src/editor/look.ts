/** How the editor looks in both themes: the page's own colours. */

import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export const pythonColours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.moduleKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.definitionKeyword, tags.self, tags.bool, tags.null], color: 'var(--code-keyword)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: tags.comment, color: 'var(--code-comment)' },
  { tag: tags.function(tags.definition(tags.variableName)), fontWeight: '600' },
  { tag: tags.definition(tags.className), fontWeight: '600' },
])

export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--code-name)', backgroundColor: 'transparent', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20.2px', overflow: 'auto' },
  '.cm-content': { padding: '9px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 8px 0 9px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '25px', padding: '0 3px 0 6px', cursor: 'pointer' },
  '.cm-lineNumbers .cm-gutterElement:hover': { color: 'var(--ink)', textDecoration: 'underline' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--value-fill) 30%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--hover)' },
  '.lit': { backgroundColor: 'var(--value-tint)', boxShadow: 'inset 3px 0 var(--value-fill)' },
  '.lit.loss': { backgroundColor: 'var(--loss-tint)', boxShadow: 'inset 3px 0 var(--ink)' },
  '.lit.backward': { backgroundColor: 'var(--gradient-tint)', boxShadow: 'inset 3px 0 var(--gradient-fill)' },
  '.lit.update': { backgroundColor: 'var(--update-tint)', boxShadow: 'inset 3px 0 var(--update-fill)' },
  '.selected': { outline: '1px dashed var(--line-strong)', outlineOffset: '-1px' },
  '.failed': { backgroundColor: 'var(--error-tint)', boxShadow: 'inset 3px 0 var(--error)' },
  '.message': {
    padding: '3px 12px 6px 12px',
    color: 'var(--error)',
    backgroundColor: 'var(--error-tint)',
    boxShadow: 'inset 3px 0 var(--error)',
    fontFamily: 'var(--sans)',
    lineHeight: '1.4',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.cm-panels': { backgroundColor: 'var(--room)', color: 'var(--ink)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--card)', borderColor: 'var(--line-strong)', color: 'var(--ink)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--card)', borderColor: 'var(--line-strong)' },
})
