/** A map from each line of the edited text to its line in the program that was run. Pure. Lines count from 1. */

/** Lines times lines, above which the changed middle of two texts is not compared line by line. */
const LARGEST_MIDDLE = 1_000_000

/**
 * For every line of `now`, the line of `ran` that it is unchanged from; null for a line that was edited or is new.
 * A text that was undone is the old text again: what counts is what the lines say, not how they came about.
 */
export function originalLines(ran: string, now: string): (number | null)[] {
  const before = ran.split('\n')
  const after = now.split('\n')
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const moved = before.length - after.length
  const middle = common(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return after.map((_, i) => {
    if (i < head) return i + 1
    if (i >= after.length - tail) return i + 1 + moved
    const found = middle[i - head] ?? null
    return found === null ? null : found + head + 1
  })
}

/** Return the present line of a line of the program that was run; null when it was edited away. */
export function lineAfterEdit(origins: readonly (number | null)[], line: number): number | null {
  const at = origins.indexOf(line)
  return at === -1 ? null : at + 1
}

/** The longest common subsequence: per line of `after`, from 0, its line in `before`. */
function common(before: readonly string[], after: readonly string[]): (number | null)[] {
  const found = after.map((): number | null => null)
  if (before.length * after.length > LARGEST_MIDDLE || before.length === 0) return found
  const width = after.length + 1
  const longest = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (before[i] === after[j]) found[j++] = i++
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return found
}
