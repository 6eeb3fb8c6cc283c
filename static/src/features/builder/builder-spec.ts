/** The specification of a network while it is being chosen: the same fields as the server's NetworkSpec. Pure. */

import type { FieldProblem } from '../../core/contract'
import { readStored, writeStored } from '../../core/storage'

/** `null`: nothing is written in the field. */
export type Setting = number | boolean | string | null

export interface Layer {
  kind: string
  [setting: string]: Setting
}

export interface Spec {
  data: string
  sentence: string
  layers: readonly Layer[]
  loss: string
  optimizer: { kind: string; learning_rate: number | null }
  iterations: number | null
  batch_size: number | null
  seed: number | null
}

export type Option = readonly [value: string, name: string]

export const DATA: readonly Option[] = [
  ['xor', 'XOR: four points, two classes'],
  ['line', 'Five points on a line'],
  ['circles', 'Two circles of points'],
  ['moons', 'Two moons of points'],
  ['sentence', 'A sentence: guess the next character'],
  ['pictures', 'Pictures of 6 by 6: upright or level'],
]

export const LOSSES: readonly Option[] = [
  ['bce_with_logits', 'BCEWithLogits'],
  ['bce', 'BCE'],
  ['mse', 'MSE'],
  ['cross_entropy', 'CrossEntropy'],
]

export const OPTIMIZERS: readonly Option[] = [
  ['sgd', 'SGD'],
  ['momentum', 'SGD with momentum 0.9'],
  ['adam', 'Adam'],
  ['adamw', 'AdamW'],
]

export const LAYERS: readonly Option[] = [
  ['linear', 'Linear'],
  ['relu', 'ReLU'],
  ['leaky_relu', 'LeakyReLU'],
  ['tanh', 'Tanh'],
  ['sigmoid', 'Sigmoid'],
  ['gelu', 'GELU'],
  ['softmax', 'Softmax'],
  ['flatten', 'Flatten'],
  ['conv2d', 'Conv2d'],
  ['embedding', 'Embedding'],
  ['rnn', 'RNN'],
  ['lstm', 'LSTM'],
  ['layer_norm', 'LayerNorm'],
  ['batch_norm', 'BatchNorm1d'],
  ['dropout', 'Dropout'],
]

/** The settings of a new layer of each kind that has some. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  linear: { width: 4, bias: true },
  conv2d: { channels: 2, kernel: 3, stride: 1, padding: 0 },
  embedding: { width: 4 },
  rnn: { width: 8 },
  lstm: { width: 8 },
  dropout: { probability: 0.2 },
}

export function newLayer(kind: string): Layer {
  return { kind, ...SETTINGS[kind] }
}

export function nameOf(options: readonly Option[], value: string): string {
  return options.find(([one]) => one === value)?.[1] ?? value
}

type Network = Pick<Spec, 'layers' | 'loss'>

const CLASSES: Network = {
  layers: [newLayer('linear'), newLayer('tanh'), { ...newLayer('linear'), width: null }],
  loss: 'bce_with_logits',
}

/** A network to begin with, for each data set. */
const STARTS: Readonly<Record<string, Network>> = {
  xor: CLASSES,
  circles: { ...CLASSES, layers: [{ ...newLayer('linear'), width: 8 }, ...CLASSES.layers.slice(1)] },
  moons: { ...CLASSES, layers: [{ ...newLayer('linear'), width: 8 }, ...CLASSES.layers.slice(1)] },
  line: { layers: [{ ...newLayer('linear'), width: null }], loss: 'mse' },
  sentence: {
    layers: [newLayer('embedding'), newLayer('rnn'), { ...newLayer('linear'), width: null }],
    loss: 'cross_entropy',
  },
  pictures: {
    layers: [newLayer('conv2d'), newLayer('relu'), newLayer('flatten'), { ...newLayer('linear'), width: null }],
    loss: 'cross_entropy',
  },
}

export const FIRST: Spec = {
  data: 'xor',
  sentence: 'to be or not to be',
  ...CLASSES,
  optimizer: { kind: 'adam', learning_rate: 0.1 },
  iterations: 50,
  batch_size: null,
  seed: 0,
}

/** Another data set. A network that was not touched becomes one that goes with it. */
export function withData(spec: Spec, data: string): Spec {
  const { layers, loss } = spec
  const untouched = JSON.stringify({ layers, loss }) === JSON.stringify(STARTS[spec.data])
  return { ...spec, data, ...(untouched ? STARTS[data] : {}) }
}

/** Error messages by the path of their field: "layers.2.width", "layers.2", "loss". */
export type Faults = ReadonlyMap<string, string>

export const NO_FAULTS: Faults = new Map()

/** The server's fields, without the names of the kinds between them. */
export function faultsOf(errors: readonly FieldProblem[]): Faults {
  const faults = new Map<string, string>()
  for (const { field, message } of errors) {
    const [, ...parts] = field.split('.')
    const kept = parts[0] === 'layers' && parts.length > 3 ? [...parts.slice(0, 2), ...parts.slice(3)] : parts
    const place = kept.join('.')
    const sentence = message.endsWith('.') ? message : `${message}.`
    faults.set(place, [faults.get(place), sentence].filter(Boolean).join(' '))
  }
  return faults
}

/** Return the field of an error in words: "layer 3, width", "learning rate". */
export function placeInWords(place: string): string {
  const [first = '', at = '', setting] = place.split('.')
  if (first !== 'layers' || at === '') return place.slice(place.lastIndexOf('.') + 1).replaceAll('_', ' ')
  return `layer ${Number(at) + 1}${setting === undefined ? '' : `, ${setting}`}`
}

const KEY = 'builder'

/** Return the spec of the last visit, or a first network. */
export function readSpec(): Spec {
  try {
    const stored: unknown = JSON.parse(readStored(KEY) ?? 'null')
    return isSpec(stored) ? stored : FIRST
  } catch {
    return FIRST
  }
}

export function keepSpec(spec: Spec): void {
  writeStored(KEY, JSON.stringify(spec))
}

/** Return whether a stored value has all fields of a spec and no others: another version may have stored it. */
function isSpec(stored: unknown): stored is Spec {
  if (typeof stored !== 'object' || stored === null) return false
  const { layers, optimizer } = stored as Partial<Spec>
  const whole = Object.keys(stored).sort().join() === Object.keys(FIRST).sort().join()
  if (!whole || !Array.isArray(layers) || typeof optimizer !== 'object' || optimizer === null) return false
  return layers.every((layer: Layer | null) => {
    const { kind = '', ...settings } = layer ?? {}
    const known = LAYERS.some(([one]) => one === kind)
    return known && Object.keys(settings).join() === Object.keys(SETTINGS[kind] ?? {}).join()
  })
}
