/** The element that is explained, as one field for each dimension: another one can be typed. */

import { html, nothing } from 'lit'

/** `choose`: called with another element. */
export function elementFields(
  element: readonly number[] | null,
  shape: readonly number[],
  choose: (index: readonly number[]) => void,
) {
  if (element === null || element.length === 0 || shape.every((size) => size === 1)) return nothing
  const put = (dimension: number, field: HTMLInputElement) => {
    const last = (shape[dimension] ?? 1) - 1
    const at = Math.min(Math.max(0, Math.trunc(Number(field.value)) || 0), last)
    field.value = String(at)
    choose(element.map((i, d) => (d === dimension ? at : i)))
  }
  return html`<fieldset class="element" aria-label="Which element is explained">element [${element.map(
    (i, d) => html`<input type="number" min="0" max=${(shape[d] ?? 1) - 1} .value=${String(i)}
      aria-label="Index in dimension ${d}" @change=${(e: Event) => put(d, e.target as HTMLInputElement)}>`,
  )}] of ${shape.join(' × ')}</fieldset>`
}
