import { expect, test } from 'vitest'
import { findActions } from './action-matches'
import type { Action } from './actions'

const action = (id: string, label: string, shown = ''): Action => ({
  id,
  label,
  shown,
  keys: [],
  group: 'Walk',
  run: () => {},
})
const ALL = [
  action('play', 'Play or pause', 'Space'),
  action('next', 'One step forward', '→'),
  action('over', 'Step over the group', 'O'),
]
const ids = (typed: string) => findActions(ALL, typed).map(({ id }) => id)

test('nothing typed finds all, in their order', () => expect(ids('')).toEqual(['play', 'next', 'over']))
test('words are found by their beginnings, in any order', () => {
  expect(ids('pau')).toEqual(['play'])
  expect(ids('group st')).toEqual(['over'])
  expect(ids('tep')).toEqual([])
})
test('a label that begins so comes first', () => expect(ids('step')).toEqual(['over', 'next']))
test('a key is found, too', () => expect(ids('space')).toEqual(['play']))
