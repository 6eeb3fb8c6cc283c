import { describe, expect, test } from 'vitest'
import { outlineOf } from '../../core/python-outline'
import torchNames from '../../generated/torch-names.json'
import { candidatesFor, torchMember, wantedAt } from './candidates'
import summaries from './summaries.json'
import { TorchNames } from './torch-names'

const names = new TorchNames(torchNames.rooms, summaries)
const PROGRAM = `import torch
from torch import nn
import torch.nn.functional as F
import math

class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(2, width)

    def forward(self, x):
        hidden = F.relu(self.fc(x))
        return hidden

def double(value, times=2):
    return value * times

net = Net(3)
layer = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
losses = []
x = torch.ones(2)
`
const outline = outlineOf(PROGRAM)
const LAST = PROGRAM.split('\n').length
const offered = (receiver: string | null, line = LAST, isTensor = (_: string) => false) =>
  candidatesFor({ receiver, word: '' }, outline, line, names, isTensor)
const namesOf = (receiver: string | null, line = LAST) => offered(receiver, line).map(({ name }) => name)

test.each([
  ['y = F.re', { receiver: 'F', word: 're' }],
  ['y = F.', { receiver: 'F', word: '' }],
  ['torch.nn.functional.', { receiver: 'torch.nn.functional', word: '' }],
  ['torch.ones(2).su', { receiver: '()', word: 'su' }],
  ['x[0].', { receiver: '()', word: '' }],
  ['pri', { receiver: null, word: 'pri' }],
  ['größe = brei', { receiver: null, word: 'brei' }],
  ['x = 1e', null],
  ['x = 3.', null],
  ['x = ', null],
])('%j asks for %j', (before, wanted) => expect(wantedAt(before)).toEqual(wanted))

describe('after a dot', () => {
  test('F has only functions, nn only modules', () => {
    expect(namesOf('F')).toContain('binary_cross_entropy')
    expect(namesOf('F')).not.toContain('Linear')
    expect(namesOf('F')).not.toContain('manual_seed')
    expect(namesOf('nn')).toContain('Linear')
    expect(namesOf('nn')).not.toContain('binary_cross_entropy')
    expect(namesOf('torch.optim')).toContain('AdamW')
    expect(namesOf('torch')).toEqual(expect.arrayContaining(['relu', 'float32', 'nn', 'no_grad', 'manual_seed']))
  })

  test('a tensor has the methods of tensors, a module its own, an optimizer its own', () => {
    expect(namesOf('x')).toEqual(expect.arrayContaining(['backward', 'shape', 'grad', 'sum', 'requires_grad_']))
    expect(namesOf('()')).toContain('backward')
    expect(namesOf('layer')).toContain('named_parameters')
    expect(namesOf('layer')).not.toContain('backward')
    expect(namesOf('net')).toEqual(expect.arrayContaining(['fc', 'forward', 'zero_grad']))
    expect(namesOf('optimizer')).toEqual(expect.arrayContaining(['step', 'zero_grad']))
    expect(namesOf('optimizer')).not.toContain('forward')
  })

  test('nothing of torch’s is offered for a list, a number or another module', () => {
    expect(namesOf('losses')).toEqual([])
    expect(namesOf('math')).toEqual([])
    expect(namesOf('torch.nope')).toEqual([])
  })

  test('what the run knows as a tensor is one, whatever the text says', () => {
    expect(offered('losses', LAST, () => true).map(({ name }) => name)).toContain('backward')
  })

  test('self has what its class has', () => {
    expect(namesOf('self', 12)).toEqual(expect.arrayContaining(['fc', 'forward', 'parameters']))
    expect(offered('self', 12).find(({ name }) => name === 'forward')?.signatures).toEqual(['(x)'])
    expect(namesOf('self', LAST)).toEqual([])
    expect(namesOf('self.fc', 12)).toContain('named_parameters')
  })
})

describe('without a dot', () => {
  test('the program’s own names, where they can be seen', () => {
    expect(namesOf(null, 12)).toEqual(expect.arrayContaining(['hidden', 'x', 'net', 'F', 'print', 'for']))
    expect(namesOf(null, LAST)).not.toContain('hidden')
    expect(new Set(namesOf(null, 12)).size).toBe(namesOf(null, 12).length)
  })

  test('functions and classes say how they are called', () => {
    const signature = (name: string) => offered(null).find((one) => one.name === name)?.signatures
    expect(signature('double')).toEqual(['(value, times)'])
    expect(signature('Net')).toEqual(['(width)'])
    expect(signature('print')?.[0]).toContain("sep=' '")
  })
})

describe('names of torch', () => {
  test('are found under their short names', () => {
    expect(torchMember('F.relu', outline, names)).toMatchObject({
      kind: 'function',
      signatures: ['(input, inplace=False)'],
    })
    expect(torchMember('nn.Linear', outline, names)?.signatures[0]).toMatch(/^\(in_features, out_features, bias=True/)
    expect(torchMember('x.sum', outline, names)).toBeNull()
    expect(torchMember('F.toString', outline, names)).toBeNull()
  })

  test('a program that has not imported them yet gets them too', () => {
    expect(torchMember('F.relu', outlineOf(''), names)?.name).toBe('relu')
    expect(torchMember('F.relu', outlineOf('F = 3\n'), names)).toBeNull()
  })

  test('every summary is of a name that is there, short, and one sentence', () => {
    for (const [room, texts] of Object.entries(summaries))
      for (const [name, text] of Object.entries(texts)) {
        expect(names.member(`${room}.${name}`), `${room}.${name}`).not.toBeNull()
        expect(text.length, `${room}.${name}`).toBeLessThanOrEqual(90)
        expect(text, `${room}.${name}`).toMatch(/\.$/)
      }
  })

  test('a method has the summary of the function of its name', () => {
    expect(names.member('torch.Tensor.relu')?.summary).toBe(names.member('torch.relu')?.summary)
    expect(names.member('torch.nn.functional.softmax')?.summary).not.toBeNull()
  })
})
