import { expect, test } from 'vitest'
import type { ConsoleEntry } from '../../core/contract'
import { shownBefore } from './folded-output'

const printed = (...lines: (number | null)[]) =>
  lines.map((line): ConsoleEntry => ({ stream: 'stdout', text: 'x\n', line }))

test.each([
  ['where nothing is printed, nothing is folded', [], 5, 0],
  ['what comes before the step stays', [2, 3, 9, 10], 5, 2],
  ['the line of the step itself is folded', [2, 5], 5, 1],
  ['a second turn of a loop is folded, also above the step', [3, 3, 3], 5, 1],
  ['output of unknown origin stays where it is', [null, 2, null, 7, null], 5, 3],
])('%s', (_, lines, line, shown) => expect(shownBefore(printed(...lines), line)).toBe(shown))
