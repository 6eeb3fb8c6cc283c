/** One layer of the list: its kind, its few settings, what comes out of it, and the ways to move or remove it. */

import { html, nothing, type TemplateResult } from 'lit'
import { type Faults, LAYERS, type Layer, nameOf, newLayer, type Setting } from './builder-spec'
import { choice, fault, number, tick } from './layer-fields'

/** Callbacks for the changes to a layer. */
export interface Hands {
  change: (layer: Layer) => void
  /** By so many places: up is −1. */
  move: (by: number) => void
  remove: () => void
}

interface Row {
  layer: Layer
  /** From 0, of `count`. */
  at: number
  count: number
  /** The shape of one example after this layer; null while it is unknown. */
  shape: readonly number[] | null
  faults: Faults
  /** The meaning of an empty width in this layer. */
  empty: string
}

const CALLED: Readonly<Record<string, string>> = { probability: 'share that becomes 0' }

export function layerRow(row: Row, hands: Hands): TemplateResult {
  const { layer, at, count, faults } = row
  const name = nameOf(LAYERS, layer.kind)
  const place = `layers.${at}`
  const key = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (by === undefined || !event.altKey) return
    event.preventDefault()
    hands.move(by)
  }
  return html`<li class=${faults.has(place) ? 'wrong' : ''} data-at=${at} @keydown=${key}>
    <div class="row" role="group" aria-label="Layer ${at + 1}, ${name}">
      ${choice({ place: `${place}.kind`, label: `${at + 1}`, faults }, LAYERS, layer.kind, (kind) => hands.change(newLayer(kind)))}
      ${Object.entries(layer).map(([setting, value]) => (setting === 'kind' ? nothing : settingOf(row, setting, value, hands)))}
      <span class="tools">
        <button class="button square" aria-label="Move ${name} up" title="Up (Alt ↑)" ?disabled=${at === 0} @click=${() => hands.move(-1)}>↑</button>
        <button class="button square" aria-label="Move ${name} down" title="Down (Alt ↓)" ?disabled=${at === count - 1} @click=${() => hands.move(1)}>↓</button>
        <button class="button square" aria-label="Remove ${name}" title="Remove" ?disabled=${count === 1} @click=${() => hands.remove()}>✕</button>
      </span>
    </div>
    ${fault(place, faults)}
    ${shapeOf(row.shape)}
  </li>`
}

function settingOf({ layer, at, faults, empty }: Row, setting: string, value: Setting, { change }: Hands) {
  const field = { place: `layers.${at}.${setting}`, label: CALLED[setting] ?? setting, faults }
  const set = (next: Setting) => change({ ...layer, [setting]: next })
  if (typeof value === 'boolean') return tick(field, value, set)
  const usual = layer.kind === 'linear' && setting === 'width' ? { empty } : {}
  return number(field, value, set, setting === 'probability' ? { step: '0.1' } : usual)
}

/** "4 numbers", "2 × 4 × 4 numbers", between two layers; only the arrow while something does not fit. */
export function shapeOf(shape: readonly number[] | null): TemplateResult {
  const count = shape?.join(' × ')
  const said = count === undefined ? '' : count === '1' ? '1 number' : `${count} numbers`
  return html`<p class="shape"><span aria-hidden="true">↓</span> ${said}</p>`
}
