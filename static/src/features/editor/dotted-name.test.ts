import { expect, test } from 'vitest'
import { wordAt } from './dotted-name'

test.each([
  ['y = net.fc1.weight + 1', 'y', 'y'],
  ['y = net.fc1.weight + 1', 'et.fc1', 'net'],
  ['y = net.fc1.weight + 1', 'c1.w', 'net.fc1'],
  ['y = net.fc1.weight + 1', 'eight', 'net.fc1.weight'],
  ['print(größe)', 'röße', 'größe'],
  ['w . grad', 'grad', 'w.grad'],
])('%s at %s is %s', (line, at, name) => {
  const found = wordAt(line, line.indexOf(at))
  expect(found?.name).toBe(name)
  expect(line.slice(found?.from, found?.to).replace(/\s/g, '')).toBe(name)
})

test.each([
  ['y = (x + 1).mean()', 'mean'],
  ['y = x[0].sum()', 'sum'],
  ['y =  1', ' 1'],
  ['', ''],
])('in %j at %j is no name', (line, at) => expect(wordAt(line, line.indexOf(at))).toBeNull())

test('the end of a name belongs to it, for the cursor behind it', () => {
  expect(wordAt('abc = 1', 3)?.name).toBe('abc')
})
