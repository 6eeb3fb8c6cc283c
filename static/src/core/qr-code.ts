/** A text as a QR code. Pure. */

import { generate } from 'lean-qr'

/** The light border that the standard asks for, in modules. */
const QUIET = 4

/** `size`: of its side in modules, quiet zone included. `path`: its dark modules, as an svg path of one unit per module. */
export interface QrCode {
  size: number
  path: string
}

/** Rows of dark modules become one rectangle each: thousands of squares would show seams between them. */
export function qrOf(text: string): QrCode {
  const code = generate(text)
  const rows: string[] = []
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue
      const from = x
      while (code.get(x + 1, y)) x += 1
      rows.push(`M${from + QUIET} ${y + QUIET}h${x + 1 - from}v1h${from - x - 1}z`)
    }
  }
  return { size: code.size + 2 * QUIET, path: rows.join('') }
}
