/** A name with its signatures and its summary, as an element. Text, never markup. */

import type { Candidate } from './candidates'

export function description({ name, signatures, summary }: Candidate): HTMLElement {
  const element = document.createElement('div')
  element.className = 'description'
  for (const signature of signatures) element.append(piece('code', name + signature))
  if (signatures.length === 0) element.append(piece('code', name))
  if (summary !== null) element.append(piece('p', summary))
  return element
}

function piece(tag: 'code' | 'p', text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}
