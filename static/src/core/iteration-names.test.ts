import { describe, expect, test } from 'vitest'
import type { LoopTurn } from './contract'
import {
  atStart,
  iterationLabel,
  iterationName,
  iterationNumber,
  iterationPlace,
  iterationRange,
  type NamedIteration,
  turnText,
} from './iteration-names'

const turn = (variable: string | null, value: LoopTurn['value'], number = 4, line: number | null = 12): LoopTurn => ({
  line,
  number,
  variable,
  value,
})
const epoch = turn('epoch', 2, 2, 9)
const training = (...turns: LoopTurn[]): NamedIteration => ({ kind: 'training', turns })
const evaluation = (...turns: LoopTurn[]): NamedIteration => ({ kind: 'evaluation', turns })

describe('a turn', () => {
  test.each<[string, NamedIteration | undefined, string]>([
    ['of one loop', training(turn('step', 0, 0)), 'step 0'],
    ['of epochs and batches', training(epoch, turn('batch', 5)), 'epoch 2, batch 5'],
    ['of three loops', training(turn('fold', 1), epoch, turn('i', 7)), 'fold 1, epoch 2, i 7'],
    ['of a range from 1: the value of the variable itself', training(turn('epoch', 1, 0)), 'epoch 1'],
    ['of a variable that nobody reads', training(turn('_', 4)), 'turn 5 of the loop in line 12'],
    ['of one written with two underscores', training(turn('__', 4)), 'turn 5 of the loop in line 12'],
    ['of a variable that is called like the running number', training(turn('iteration', 4)), 'iteration = 4'],
    ['of a private name', training(turn('_i', 4)), '_i 4'],
    ['of a variable without a value', training(epoch, turn('xb', null)), 'epoch 2, turn 5 of the loop in line 12'],
    ['of a while', training(turn(null, null, 0, 3)), 'turn 1 of the loop in line 3'],
    ['of a loop in no known line', training(turn(null, null, 0, null)), 'turn 1 of a loop'],
    ['of texts', training(turn('name', 'bias')), 'name “bias”'],
    ['of an empty text', training(turn('name', '')), 'name “”'],
    ['of a text of several lines', training(turn('name', 'a\n  b')), 'name “a b”'],
    ['of a long text', training(turn('w', 'x'.repeat(60))), `w “${'x'.repeat(23)}…”`],
    ['of a text that is cut between two pictures', training(turn('w', '🙂'.repeat(25))), `w “${'🙂'.repeat(23)}…”`],
    ['of a long variable', training(turn('n'.repeat(60), 1)), `${'n'.repeat(23)}… 1`],
    ['of truths', training(turn('bias', true)), 'bias True'],
    ['of a falsehood', training(turn('bias', false)), 'bias False'],
    ['of rates', training(turn('lr', 0.1)), 'lr 0.1'],
    ['of a number below zero', training(turn('shift', -3)), 'shift −3'],
    ['outside of all loops', training(), ''],
    ['that validates within an epoch', evaluation(epoch), 'evaluation, epoch 2'],
    ['that validates in batches', evaluation(epoch, turn('i', 0)), 'evaluation, epoch 2, i 0'],
    ['that validates outside of all loops', evaluation(), 'evaluation'],
    ['of an older version', {}, ''],
    ['that is not known', undefined, ''],
  ])('%s', (_, iteration, text) => expect(turnText(iteration)).toBe(text))
})

describe('the name of an iteration', () => {
  const all = [training(epoch, turn('batch', 5)), evaluation(epoch), training()]

  test('has the running number, and its turn', () => {
    expect(iterationNumber(6)).toBe('iteration 7')
    expect(iterationName(all, 0)).toBe('iteration 1 (epoch 2, batch 5)')
    expect(iterationPlace(all, 1)).toBe('iteration 2 of 3 (evaluation, epoch 2)')
    expect(iterationLabel(all, 0)).toBe('iteration 1 of 3 · epoch 2, batch 5')
  })

  test('is the number alone where there is no turn to tell', () => {
    expect(iterationName(all, 2)).toBe('iteration 3')
    expect(iterationPlace(all, 2)).toBe('iteration 3 of 3')
    expect(iterationLabel(all, 2)).toBe('iteration 3 of 3')
    expect(iterationName(all, 9)).toBe('iteration 10')
  })

  test('of several in a row has both ends', () => {
    expect(iterationRange(all, 1, 1)).toBe('iteration 2 (evaluation, epoch 2)')
    expect(iterationRange(all, 0, 2)).toBe('iterations 1 (epoch 2, batch 5) to 3')
  })

  test('begins a sentence with a capital letter', () => {
    expect(atStart(iterationName(all, 0))).toBe('Iteration 1 (epoch 2, batch 5)')
    expect(atStart('')).toBe('')
  })
})
