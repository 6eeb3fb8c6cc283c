/** The recorded programs that the goldens are made of. `python -m tests.e2e.goldens` writes the recordings. */

import type { Graph, Iteration, Observations } from '../core/contract'
import fanOut from './recordings/fan-out.json'
import module from './recordings/module.json'
import neuron from './recordings/neuron.json'
import gpt from './recordings/tiny-gpt.json'
import training from './recordings/training-loop.json'
import forgotten from './recordings/zero-grad-forgotten.json'

const RECORDED = {
  neuron,
  'fan-out': fanOut,
  module,
  'training-loop': training,
  'zero-grad-forgotten': forgotten,
  'tiny-gpt': gpt,
}

export const PROGRAMS = Object.entries(RECORDED).map(([name, one]) => {
  return { name, ...(one as unknown as { graph: Graph; iteration: Iteration; observations: Observations }) }
})
