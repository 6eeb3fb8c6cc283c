import { beforeEach, expect, test } from 'vitest'
import { writeStored } from '../../core/storage'
import { stubStorage } from '../../page/testing'
import { countRight, isDone, keepRight, readScore } from './lesson-score'

beforeEach(() => stubStorage())

test('a lesson is done when each of its questions was answered rightly', () => {
  expect(isDone(readScore('neuron'))).toBe(false)
  keepRight('neuron', 2, 'first?', '1')
  keepRight('neuron', 2, 'first?', '1')
  expect(countRight(readScore('neuron'))).toBe(1)
  expect(isDone(keepRight('neuron', 2, 'second?', '0.5'))).toBe(true)
  expect(readScore('neuron').right).toEqual({ 'first?': '1', 'second?': '0.5' })
  expect(countRight(readScore('module'))).toBe(0)
})

test.each(['', '{', 'null', '[]', '{"of": "two"}', '{"of": 2, "right": ["x"]}', '{"of": 2, "right": null}'])(
  'what is damaged (%s) is as if there were nothing',
  (text) => {
    writeStored('lesson:neuron', text)
    expect(readScore('neuron')).toEqual({ of: 0, right: {} })
  },
)
