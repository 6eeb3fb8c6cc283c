/** The rounding of decimals to the dtype of a tensor. Pure. */

/** Bits of the significand, the leading one included, and the exponent of the smallest normal number. */
const FORMATS: Readonly<Record<string, { bits: number; least: number }>> = {
  float64: { bits: 53, least: -1022 },
  float32: { bits: 24, least: -126 },
  float16: { bits: 11, least: -14 },
  bfloat16: { bits: 8, least: -126 },
}

const MOST_DIGITS = 17

/** Return whether numbers of this dtype can be changed a little. */
export function isFloat(dtype: string): boolean {
  return dtype in FORMATS
}

/** The number of this dtype that is nearest to `x`, exactly; `x` itself for a dtype that is not known. */
export function rounded(x: number, dtype: string): number {
  const format = FORMATS[dtype]
  if (format === undefined || !Number.isFinite(x) || x === 0 || dtype === 'float64') return x
  if (dtype === 'float32') return Math.fround(x)
  const exponent = Math.max(format.least, Math.floor(Math.log2(Math.abs(x))))
  const unit = 2 ** (exponent - format.bits + 1)
  return halfToEven(x / unit) * unit
}

/** Return the shortest decimal of the same number in this dtype, as it is sent to the program. */
export function asHeld(x: number, dtype: string): number {
  const held = rounded(x, dtype)
  if (!Number.isFinite(held) || held === 0) return held
  for (let digits = 1; digits < MOST_DIGITS; digits += 1) {
    const shorter = Number(held.toPrecision(digits))
    if (rounded(shorter, dtype) === held) return shorter
  }
  return held
}

/** Return the distance of two neighbouring numbers of this dtype at `x`. */
export function spacing(x: number, dtype: string): number {
  const { bits, least } = FORMATS[dtype] ?? { bits: 24, least: -126 }
  const exponent = x === 0 ? least : Math.max(least, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (exponent - bits + 1)
}

function halfToEven(x: number): number {
  const nearest = Math.round(x)
  return Math.abs(x - Math.trunc(x)) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest
}
