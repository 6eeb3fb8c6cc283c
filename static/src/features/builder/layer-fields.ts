/** The fields of the builder: a label, an input, and what is wrong with it right below. */

import { html, nothing, type TemplateResult } from 'lit'
import type { Faults, Option, Setting } from './builder-spec'

/** `place`: where the field is, "layers.2.width". */
interface Field {
  place: string
  label: string
  faults: Faults
}

const idOf = (place: string) => place.replaceAll('.', '-')

function framed({ place, label, faults }: Field, input: TemplateResult): TemplateResult {
  return html`<label class="field"><span>${label}</span>${input}</label>${fault(place, faults)}`
}

/** Render the error message of a field, if it has one. */
export function fault(place: string, faults: Faults) {
  const text = faults.get(place)
  return text === undefined ? nothing : html`<p class="fault" id="${idOf(place)}-fault">${text}</p>`
}

const described = ({ place, faults }: Field) => (faults.has(place) ? `${idOf(place)}-fault` : nothing)
const invalid = ({ place, faults }: Field) => (faults.has(place) ? 'true' : nothing)

export function choice(
  field: Field,
  options: readonly Option[],
  value: string,
  choose: (value: string) => void,
): TemplateResult {
  return framed(
    field,
    html`<select id=${idOf(field.place)} aria-invalid=${invalid(field)} aria-describedby=${described(field)}
      @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>${options.map(
        ([one, name]) => html`<option value=${one} ?selected=${one === value}>${name}</option>`,
      )}</select>`,
  )
}

/** `empty`: what an empty field means, written in it. */
export function number(
  field: Field,
  value: Setting,
  choose: (value: number | null) => void,
  { empty = '', step = '1' }: { empty?: string; step?: string } = {},
): TemplateResult {
  const read = (e: Event) => {
    const { value: text } = e.target as HTMLInputElement
    choose(text === '' ? null : Number(text))
  }
  return framed(
    field,
    html`<input type="number" id=${idOf(field.place)} step=${step} .value=${value === null ? '' : String(value)} placeholder=${empty}
      aria-invalid=${invalid(field)} aria-describedby=${described(field)} @input=${read}>`,
  )
}

export function text(field: Field, value: string, choose: (value: string) => void): TemplateResult {
  return framed(
    field,
    html`<input type="text" class="long" id=${idOf(field.place)} .value=${value} maxlength="40" aria-invalid=${invalid(field)}
      aria-describedby=${described(field)} @input=${(e: Event) => choose((e.target as HTMLInputElement).value)}>`,
  )
}

export function tick(field: Field, on: boolean, choose: (on: boolean) => void): TemplateResult {
  return html`<label class="field"><input type="checkbox" .checked=${on}
    @change=${(e: Event) => choose((e.target as HTMLInputElement).checked)}><span>${field.label}</span></label>`
}
