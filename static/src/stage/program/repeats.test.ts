import { describe, expect, it } from 'vitest'
import { repeatsIn } from './repeats'

const signatures = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const found = (text: string, lines = '') =>
  repeatsIn(signatures(text), (at) => (lines === '' ? 0 : Number(lines[at]))).map(
    ({ start, length, times }) => `${text.slice(start, start + length)} × ${times} from ${start}`,
  )

describe('repeats', () => {
  it.each([
    ['abc', []],
    ['abab', []],
    ['aaa', ['a × 3 from 0']],
    ['xabcabcabcy', ['abc × 3 from 1']],
    ['aabaabaabaab', ['aab × 4 from 0']],
    ['aaaabbbb', ['a × 4 from 0', 'b × 4 from 4']],
    ['abababcdcdcd', ['ab × 3 from 0', 'cd × 3 from 6']],
  ])('of %s', (text, repeats) => expect(found(text)).toEqual(repeats))

  it('begin where the loop begins, not in the middle of its body', () => {
    expect(found('bcabcabcabc', '12012012012')).toEqual(['abc × 3 from 2'])
  })

  it('with the shortest body: a row of one thing is not a row of pairs', () => {
    expect(found('a'.repeat(12))).toEqual(['a × 12 from 0'])
  })

  it('of ten thousand operations are found', () => {
    expect(found(`x${'abcdefghij'.repeat(1000)}y`)).toEqual(['abcdefghij × 1000 from 1'])
  })
})
