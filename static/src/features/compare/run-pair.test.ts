import { expect, test } from 'vitest'
import { NOTHING_OBSERVED } from '../../walk/observations'
import { withObservations } from '../../walk/testing'
import { buildTimeline } from '../../walk/timeline'
import { mergeSteps } from './merged-steps'
import { Pair } from './run-pair'
import { sentencesOf } from './step-sentences'
import { pairOf } from './testing'
import { translate } from './translated-ids'

test('the sentences of both runs are told once they have come, after the numbers', () => {
  const { one, other, union } = pairOf('base', 'seed')
  const { a, b, lone } = mergeSteps({ ...one.iteration, graph: 7 }, translate(other.iteration, union))
  const first = buildTimeline(union.graph, a)
  const pair = new Pair(first, { union, body: b, lone, over: false, trouble: null })
  const told = (text: string) => [{ step: 0, parts: [{ text, kind: 'plain' as const }] }]
  pair.observe(withObservations(first, { sentences: told('Mine.') }), {
    ...NOTHING_OBSERVED,
    sentences: told('Theirs.'),
  })
  expect(sentencesOf(pair.first, pair.other, 0, null, false).text).toMatch(/A: Mine\. B: Theirs\.$/)
})
