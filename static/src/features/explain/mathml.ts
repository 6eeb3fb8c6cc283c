/** A part of a formula as MathML, as the page draws it. */

import temml from 'temml'

const JOINING = /^(?:[=+]|- |\\cdot|\\approx)/

/** What the page allows in a formula. */
export const OPTIONS = { throwOnError: true, trust: ({ command }: { command: string }) => command === '\\class' }

/** Draw a part of a formula into a place. Throws where it is no LaTeX. */
export function draw(latex: string, place: HTMLElement): void {
  temml.render(latex, place, OPTIONS)
  for (const math of place.querySelectorAll('math')) math.setAttribute('displaystyle', 'true')
  // what begins a line joins it to the line before: it is no sign of the number behind it
  if (JOINING.test(latex)) place.querySelector('mo')?.setAttribute('form', 'infix')
}
