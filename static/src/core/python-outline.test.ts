import { expect, test } from 'vitest'
import { classAt, outlineOf, scopeAt } from './python-outline'

const SOURCE = `import torch.nn.functional as F
import torch
from torch import nn, optim as o

class Net(nn.Module):
    def __init__(self, width):
        self.fc = nn.Linear(width, 1)

    def forward(self, x, scale=2.0):
        h = F.relu(self.fc(x))
        return h

net = Net(3)
a, (b, c) = pair()
for i in range(3):
    total = net(a, scale=b)
with open(c) as file:
    pass
`
const outline = outlineOf(SOURCE)

test('a function has its lines, its parameters without their defaults, its names and its returns', () => {
  const forward = scopeAt(outline, 10)
  expect(forward).toMatchObject({ name: 'forward', from: 9, to: 11, parameters: ['self', 'x', 'scale'] })
  expect([...forward.names]).toEqual(['self', 'x', 'scale', 'h'])
  expect(forward.returns).toEqual([{ from: 11, to: 11, name: 'h' }])
})

test('outside of every function is the program', () => {
  expect(scopeAt(outline, 12).name).toBe('')
  expect([...scopeAt(outline, 1).names]).toEqual(['Net', 'net', 'a', 'b', 'c', 'i', 'total', 'file'])
})

test('imports say what a short name stands for', () => {
  expect(Object.fromEntries(outline.imports)).toEqual({
    F: 'torch.nn.functional',
    torch: 'torch',
    nn: 'torch.nn',
    o: 'torch.optim',
  })
})

test('a class has its bases, its attributes and the parameters of its methods', () => {
  const net = classAt(outline, 7)
  expect(net).toMatchObject({ name: 'Net', bases: ['nn.Module'], from: 5, to: 11 })
  expect([...(net?.attributes ?? [])]).toEqual([['fc', 'nn.Linear(width, 1)']])
  expect(net?.methods.get('forward')).toEqual(['x', 'scale'])
  expect(classAt(outline, 13)).toBeUndefined()
})

test('a call names the plain variables that it is given', () => {
  const call = outline.calls.find(({ callee }) => callee === 'net')
  expect(call).toMatchObject({ from: 16, to: 16, positional: ['a'] })
  expect(call?.named.get('scale')).toBe('b')
  expect(outline.calls.find(({ callee }) => callee === 'F.relu')?.positional).toEqual([null])
})

test('a program that is being written is read as far as it goes', () => {
  expect(outlineOf('def f(x):\n    y = x.').scopes.map(({ name }) => name)).toEqual(['', 'f'])
  expect(outlineOf('').scopes).toHaveLength(1)
  expect(outlineOf('x = = (\n]').scopes).toHaveLength(1)
  expect(outlineOf(`x = ${'-('.repeat(50_000)}`).scopes).toHaveLength(1)
})
