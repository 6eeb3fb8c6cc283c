/** Styles of the editor in both themes, with the page's own colours. */

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
  // the caret alone is not seen from afar, and keys mean another thing in here
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20.2px', overflow: 'auto' },
  '.cm-line': { padding: '0 5px 0 12px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-breaks .cm-gutterElement': { width: '9px', cursor: 'pointer', position: 'relative' },
  // an octagon, as a road has it: the form says what it is
  '.break, .cm-breaks .cm-gutterElement:hover::after': {
    position: 'absolute',
    left: '0',
    top: '6px',
    width: '9px',
    height: '9px',
    clipPath: 'polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%)',
    backgroundColor: 'var(--error)',
  },
  '.cm-breaks .cm-gutterElement:hover::after': { content: "''", opacity: '0.45' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '17px', padding: '0 3px 0 0', cursor: 'pointer' },
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
  '.failed-number': { position: 'relative', color: 'var(--error) !important', fontWeight: '700' },
  // beside the number, where it makes the column no wider
  '.cm-breaks .failed-number::before': { position: 'absolute', left: '0', fontSize: '9px', content: "'✕'" },
  // over the margin of the line: it makes the column no wider
  '.cm-gutters .cm-lineNumbers': { overflow: 'visible' },
  '.flagged': { position: 'relative', fontWeight: '700', color: 'var(--ink)' },
  '.flagged svg': {
    position: 'absolute',
    zIndex: '1',
    right: '-11px',
    top: '3px',
    width: '11px',
    height: '11px',
    fill: 'var(--note)',
  },
  '.flagged .sign': { fill: 'var(--panel)' },
  '.flagged.warning svg': { fill: 'var(--warning)' },
  '.flagged.error svg': { fill: 'var(--error)' },
  '.flag-card': {
    padding: '9px 13px 10px',
    maxWidth: '440px',
    font: '14.5px / 1.45 var(--sans)',
    overflowWrap: 'anywhere',
  },
  '.flag-card p': { margin: '0' },
  '.flag-card p + .word': { marginTop: '9px' },
  '.flag-card .word': { fontWeight: '700' },
  '.flag-card .warning': { color: 'var(--warning)' },
  '.flag-card .error': { color: 'var(--error)' },
  '.flag-card .todo': { marginTop: '4px', fontWeight: '600' },
  '.message': {
    padding: '4px 12px 8px 12px',
    color: 'var(--error)',
    backgroundColor: 'var(--error-tint)',
    boxShadow: 'inset 3px 0 var(--error)',
    font: '14px / 1.4 var(--sans)',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.message p': { margin: '0' },
  '.message .what': { fontWeight: '600' },
  '.message .advice': { marginTop: '3px', color: 'var(--ink)', fontSize: '15px' },
  '.cm-content': { position: 'relative', padding: '9px 0', caretColor: 'var(--ink)', overflowX: 'clip' },
  '.hint': {
    position: 'absolute',
    paddingLeft: '2ch',
    color: 'var(--muted)',
    fontSize: '11px',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
    userSelect: 'none',
  },
  '.hint::after': { content: 'attr(data-shape)' },
  // the grey of a hint has too little contrast on the tints of the current line
  '.lit .hint': { color: 'var(--ink)' },
  '.hint.cut': { visibility: 'hidden' },
  '.cm-panels': { backgroundColor: 'var(--room)', color: 'var(--ink)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--card)', borderColor: 'var(--line-strong)', color: 'var(--ink)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--card)', borderColor: 'var(--line-strong)' },
})

/** The list of names and the cards beside names. */
export const assistLook = EditorView.theme({
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    minWidth: '180px',
    maxHeight: '15em',
    padding: '4px 0',
    fontFamily: 'var(--mono)',
    fontSize: '13px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 12px 2px 6px', lineHeight: '1.45' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--value-tint)',
    color: 'var(--ink)',
    boxShadow: 'inset 3px 0 var(--value-fill)',
  },
  '.cm-completionIcon': { width: '1.2em', color: 'var(--muted)', opacity: '1' },
  '.cm-completionMatchedText': { color: 'var(--value)', fontWeight: '600', textDecoration: 'none' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '420px', padding: '0' },
  '.description': {
    padding: '8px 12px',
    maxWidth: '460px',
    fontFamily: 'var(--sans)',
    fontSize: '13.5px',
    lineHeight: '1.45',
  },
  '.description code': { display: 'block', fontFamily: 'var(--mono)', fontSize: '12.5px', overflowWrap: 'anywhere' },
  '.description p': { margin: '5px 0 0' },
})
