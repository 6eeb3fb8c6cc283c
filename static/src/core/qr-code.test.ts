import { expect, test } from 'vitest'
import { qrOf } from './qr-code'

/** The dark modules of a path, as `x,y`. */
function modulesOf(path: string): Set<string> {
  const dark = new Set<string>()
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let i = 0; i < Number(length); i += 1) dark.add(`${Number(x) + i},${y}`)
  return dark
}

const { size, path } = qrOf('http://192.168.1.20:8000/lessons/neuron?step=10&iteration=0')
const dark = modulesOf(path)

test('a quiet zone of four modules surrounds the code', () => {
  const all = [...dark].flatMap((module) => module.split(',').map(Number))
  expect(Math.min(...all)).toBe(4)
  expect(Math.max(...all)).toBe(size - 5)
})

test('its corners are the three marks that a camera looks for', () => {
  const MARK = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  for (const [left, top] of [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const) {
    const drawn = MARK.map((row, y) =>
      [...row].map((_, x) => (dark.has(`${left + x},${top + y}`) ? '#' : '.')).join(''),
    )
    expect(drawn).toEqual(MARK)
  }
})

test('a longer link has a larger code', () => {
  expect(qrOf(`http://192.168.1.20:8000/s/${'x'.repeat(24)}?step=7&open=${'g1,'.repeat(60)}`).size).toBeGreaterThan(
    size,
  )
})
