import { describe, expect, test } from 'vitest'
import { changesBetween } from './line-changes'
import { variableIn } from './literals'
import { labelsOf } from './run-label'
import { withNumber, withOptimizer, withSeed } from './variants'

const SOURCE = `import torch
# lr=0.5 in a comment
torch.manual_seed(0)
text = 'lr=0.3 torch.optim.SGD(x, lr=0.7) torch.manual_seed(9)'
lr = 1e-2
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
other = torch.optim.Adam([{'params': p, 'lr': .5}], 0.001)
`
const found = variableIn(SOURCE)

test('numbers are found where they count, and neither in comments nor in strings', () => {
  expect(found.rates.map(({ line, text, context }) => [line, text, context])).toEqual([
    [5, '1e-2', 'lr'],
    [6, '0.1', 'SGD lr'],
    [7, '.5', 'lr'],
    [7, '0.001', 'Adam lr'],
  ])
  expect(found.seeds.map(({ line, text }) => [line, text])).toEqual([[3, '0']])
  expect(found.optimizers.map(({ name, line }) => [name, line])).toEqual([
    ['SGD', 6],
    ['Adam', 7],
  ])
})

test('a program without any has none', () => {
  expect(variableIn('')).toEqual({ seeds: [], rates: [], optimizers: [] })
  expect(variableIn('def broken(:\n  lr=')).toMatchObject({ seeds: [], optimizers: [] })
})

test('a program that seeds itself is seeded otherwise, and that is said', () => {
  const { source, remarks } = withSeed(SOURCE, 12)
  expect(changesBetween(SOURCE, source).map(({ text }) => text)).toEqual([
    'torch.manual_seed(0)',
    'torch.manual_seed(12)',
  ])
  expect(remarks).toEqual(['The program seeds itself: changed in line 3 too.'])
  expect(withSeed('import torch', 3)).toEqual({ source: 'import torch', remarks: [] })
})

test('another learning rate takes the place of the one', () => {
  const { source } = withNumber(SOURCE, found.rates[1]!, '0.5')
  expect(changesBetween(SOURCE, source).map(({ kind, line }) => [kind, line])).toEqual([
    ['removed', 6],
    ['added', 6],
  ])
  expect(source).toContain('lr=0.5, momentum=0.9')
})

describe('another optimizer', () => {
  const change = (source: string, name: string) => withOptimizer(source, variableIn(source).optimizers[0]!, name)

  test('gets what it knows, and what it does not know is said', () => {
    const { source, remarks } = change(SOURCE, 'Adam')
    expect(source).toContain('optimizer = torch.optim.Adam(net.parameters(), lr=0.1)\n')
    expect(remarks).toEqual(['Adam knows no momentum: left out.'])
  })

  test('keeps what both know', () => {
    expect(change(SOURCE, 'RMSprop')).toEqual({
      source: SOURCE.replace('torch.optim.SGD(net', 'torch.optim.RMSprop(net'),
      remarks: [],
    })
  })

  test.each([
    [
      'from torch import optim\no = optim.SGD(p, 0.1, 0.9)',
      'import torch\nfrom torch import optim\no = torch.optim.Adam(p, 0.1)',
    ],
    [
      'from torch.optim import SGD\no = SGD(p, lr=1)',
      'import torch\nfrom torch.optim import SGD\no = torch.optim.Adam(p, lr=1)',
    ],
    ['import torch as t\no = t.optim.SGD(p, lr=1)', 'import torch as t\no = t.optim.Adam(p, lr=1)'],
    [
      'import torch\no = torch.optim.SGD(\n    p,\n    lr=1,\n    nesterov=True,\n)',
      'import torch\no = torch.optim.Adam(p, lr=1)',
    ],
  ])('%j', (before, after) => expect(change(before, 'Adam').source).toBe(after))

  test('says what it cannot know', () => {
    const { source, remarks } = change('import torch\no = torch.optim.SGD(p, **settings)', 'Adam')
    expect(source).toContain('torch.optim.Adam(p, **settings)')
    expect(remarks).toEqual([
      'What is given with * stays: it may not fit.',
      'No learning rate is given: Adam takes its own.',
    ])
  })
})

describe('the names of the two', () => {
  const program = (source: string, seed = 0) => ({ source, seed, overrides: [] })
  test.each([
    [program('import torch'), program('import torch', 3), 'seed 0', 'seed 3'],
    [program(SOURCE), program(withSeed(SOURCE, 7).source, 7), 'seed 0', 'seed 7'],
    [program(SOURCE), program(withNumber(SOURCE, found.rates[1]!, '0.5').source), 'lr 0.1', 'lr 0.5'],
    [program(SOURCE), program(withOptimizer(SOURCE, found.optimizers[0]!, 'AdamW').source), 'SGD, Adam', 'AdamW, Adam'],
    [program(SOURCE), program(`${SOURCE}x = 1\ny = 2\n`), 'this run', '2 lines changed'],
    [program(SOURCE), program(SOURCE.replace('text =', 'word =')), 'this run', '1 line changed'],
    [program(SOURCE), program(SOURCE), 'this run', 'the same program'],
    [program('x = 1\ny = 2'), program('x = 1'), 'this run', 'lines left out'],
  ])('%#', (a, b, one, other) => expect(labelsOf(a, b)).toEqual({ a: one, b: other }))

  test('a what-if change is named', () => {
    const changed = { ...program('import torch'), overrides: [{ name: 'w', index: [0, 1], value: 2.5 }] }
    expect(labelsOf(program('import torch'), changed)).toEqual({ a: 'as written', b: 'w[0, 1] = 2.5' })
  })
})

test('lines that changed, in the order of the text', () => {
  expect(changesBetween('a\nb\nc', 'a\nx\ny\nc\nd')).toEqual([
    { kind: 'removed', line: 2, text: 'b' },
    { kind: 'added', line: 2, text: 'x' },
    { kind: 'added', line: 3, text: 'y' },
    { kind: 'added', line: 5, text: 'd' },
  ])
  expect(changesBetween('a', 'a')).toEqual([])
})
