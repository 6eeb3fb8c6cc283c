/** Numbers as text: the same everywhere on the page. Pure. */

import type { Element, Tensor } from './contract'

const MINUS = '−'
/** Magnitudes that a plain decimal shows at a reasonable length; outside of them the exponent is shorter. */
const SMALLEST_PLAIN = 1e-4
const LARGEST_PLAIN = 1e7

/**
 * `x` with `digits` significant digits: 0.9183, −0.0898, 12345, 1.234e−9, NaN, ∞, True, 1 + 2i.
 *
 * Never an exponent where a plain decimal will do, never a trailing zero that says nothing, the real minus sign.
 * Below 0.1 one digit fewer, so that 0.0898 reads as PyTorch prints it. Whole numbers below 10⁷ are shown whole.
 */
export function formatNumber(x: Element, digits = 4): string {
  if (typeof x === 'boolean') return x ? 'True' : 'False'
  if (Array.isArray(x)) return formatComplex(x, digits)
  const value = toNumber(x)
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`
  const magnitude = formatMagnitude(Math.abs(value), digits)
  return value < 0 ? MINUS + magnitude : magnitude
}

/** `x` in at most `letters` letters, 6 or more, with as many of three significant digits as they allow. Not for complex ones. */
export function formatShort(x: Element, letters: number): string {
  const text = [3, 2, 1].map((digits) => formatNumber(x, digits)).find((one) => one.length <= letters)
  if (text !== undefined || Array.isArray(x)) return text ?? formatNumber(x, 1)
  const value = toNumber(x)
  return (value < 0 ? MINUS : '') + formatExponent(Math.abs(value), 2)
}

/** The JavaScript number behind an element; a boolean is 0 or 1, a complex number its modulus. */
export function toNumber(x: Element): number {
  if (typeof x === 'number') return x
  if (typeof x === 'boolean') return x ? 1 : 0
  if (typeof x === 'string') return Number(x)
  return Math.hypot(toNumber(x[0] ?? 0), toNumber(x[1] ?? 0))
}

/** Return a short text for a tensor in a sentence or on an edge: the number of a scalar, else the shape, "2×3". */
export function formatTensorLabel(tensor: Tensor): string {
  const only = tensor.data?.length === 1 ? tensor.data[0] : undefined
  return only === undefined ? formatShape(tensor.shape) : formatNumber(only)
}

/** "2×3" for [2, 3]; a vector of five is "5"; a scalar is "scalar". */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×')
}

/** Numbers in this shape, as a reader calls them: "a vector of 5", "a 4×5 matrix", "a 2×3×4 tensor". */
export function formOf(shape: readonly number[]): string {
  const size = formatShape(shape)
  return shape.length === 1 ? `a vector of ${size}` : `a ${size} ${shape.length === 2 ? 'matrix' : 'tensor'}`
}

function formatMagnitude(magnitude: number, digits: number): string {
  if (magnitude === 0) return '0'
  if (Number.isInteger(magnitude) && magnitude < LARGEST_PLAIN) return String(magnitude)
  if (magnitude < SMALLEST_PLAIN || magnitude >= LARGEST_PLAIN) return formatExponent(magnitude, digits)
  const wholeDigits = Math.floor(Math.log10(magnitude)) + 1
  const significant = magnitude < 0.1 ? Math.max(1, digits - 1) : Math.max(digits, wholeDigits)
  const rounded = Number(magnitude.toPrecision(significant))
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(rounded)))
  return trimZeros(rounded.toFixed(decimals))
}

function formatExponent(magnitude: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = magnitude.toExponential(digits - 1).split('e')
  return `${trimZeros(mantissa)}e${exponent.replace('-', MINUS).replace('+', '')}`
}

function formatComplex(pair: readonly Element[], digits: number): string {
  const real = formatNumber(pair[0] ?? 0, digits)
  const imaginary = formatNumber(pair[1] ?? 0, digits)
  return imaginary.startsWith(MINUS) ? `${real} ${MINUS} ${imaginary.slice(1)}i` : `${real} + ${imaginary}i`
}

function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal
}
