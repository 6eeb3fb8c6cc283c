/** From the way of a pointer, or a key, to a number: the larger the number, the faster it changes. Pure. */

/** The pace of a change: fine with Shift, coarse with Ctrl, Alt or ⌘. */
export type Pace = 'fine' | 'usual' | 'coarse'

const FACTORS: Readonly<Record<Pace, number>> = { fine: 0.1, usual: 1, coarse: 10 }
/** The change per pixel and per key press, relative to a number's size. */
const SHARE = 0.01
/** A number that is small beside its tensor's largest still moves with a part of that one's speed. */
const LEAST_SHARE = 0.1

/** The size that a number is taken to have: its own, unless the tensor's largest magnitude says that it is next to nothing. */
export function sizeFor(x: number, largest: number): number {
  const size = Math.max(Math.abs(x), LEAST_SHARE * largest)
  return Number.isFinite(size) && size > 0 ? size : 1
}

/** Return the change of a number of this size per pixel or key press: 1, 2 or 5 times a power of ten. */
export function unitOf(size: number, pace: Pace = 'usual'): number {
  const rough = size * SHARE * FACTORS[pace]
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9)
  const digit = [5, 2, 1].find((one) => one * power <= rough * (1 + 1e-9)) ?? 1
  return Number((digit * power).toPrecision(1))
}

/** The number at `to`, as whole units: one that a reader can say. Pulled back to `origin` it is that one again, whatever it is. */
export function pulled(origin: number, to: number, unit: number): number {
  return Math.abs(to - origin) < unit / 2 ? origin : whole(to, unit)
}

/** Return `x` changed by so many units, rounded to whole units. */
export function stepped(x: number, steps: number, unit: number): number {
  return whole(x + steps * unit, unit)
}

function whole(x: number, unit: number): number {
  return Number((Math.round(x / unit) * unit).toPrecision(12))
}

export function paceOf(event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>): Pace {
  if (event.shiftKey) return 'fine'
  return event.ctrlKey || event.altKey || event.metaKey ? 'coarse' : 'usual'
}

/** Return the finite number that a reader typed, with the minus sign and the comma of any keyboard; null when it is invalid. */
export function parseTyped(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(',', '.')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null
  const number = Number(plain)
  return Number.isFinite(number) ? number : null
}
