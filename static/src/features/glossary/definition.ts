/** A definition as it is rendered: code in backticks becomes code. */

import { html } from 'lit'

export function definition(text: string) {
  return text.split('`').map((piece, index) => (index % 2 === 0 ? piece : html`<code>${piece}</code>`))
}
