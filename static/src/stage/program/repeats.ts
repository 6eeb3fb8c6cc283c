/** The search for what a program did again and again: stretches of equal signatures, several times in a row. Pure. */

/** `times` equal stretches of `length` items each, from `start` on. */
export interface Repeat {
  start: number
  length: number
  times: number
}

/** The fewest times that make a repeat: fewer are read faster than a fold is opened. */
const FEWEST = 3
/** The longest body that is looked for: the search takes time in proportion to it. */
const LONGEST = 2000

/**
 * Return the repeats in a row of signatures, from left to right, without overlaps: at each place the one that covers most, and of those
 * the one with the shortest body. A body begins where `order` (in a program: the line) is least, as a loop does.
 */
export function repeatsIn(signatures: readonly number[], order: (at: number) => number): Repeat[] {
  const { covered, lengths } = longestAt(Int32Array.from(signatures))
  const found: Repeat[] = []
  for (let at = 0; at < signatures.length; ) {
    const [cover = 0, length = 0] = [covered[at], lengths[at]]
    if (cover === 0) {
      at += 1
      continue
    }
    const start = at + turned(at, length, cover - FEWEST * length, order)
    const times = Math.floor((at + cover - start) / length)
    found.push({ start, length, times })
    at = start + times * length
  }
  return found
}

/** Return for every place how many items the best repeat from there covers, a body that has begun included, and how long its body is. */
function longestAt(row: Int32Array) {
  const [covered, whole, lengths] = [0, 0, 0].map(() => new Int32Array(row.length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  for (let length = 1; length <= Math.min(LONGEST, row.length / FEWEST); length += 1) {
    let equal = 0
    for (let at = row.length - length - 1; at >= 0; at -= 1) {
      equal = row[at] === row[at + length] ? equal + 1 : 0
      const times = Math.floor(equal / length) + 1
      if (times < FEWEST || times * length <= (whole[at] ?? 0)) continue
      covered[at] = equal + length
      whole[at] = times * length
      lengths[at] = length
    }
  }
  return { covered, lengths }
}

/** Return how many items later the body begins: where its least item is, but at most `spare` items later. */
function turned(at: number, length: number, spare: number, order: (at: number) => number): number {
  let best = 0
  for (let by = 1; by < length && by <= spare; by += 1) if (order(at + by) < order(at + best)) best = by
  return best
}
