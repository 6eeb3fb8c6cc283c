/** "Predict before you see": the walk stops before some steps and asks. */

import type { CreateFeature } from '../../page/feature'
import { follow } from '../../ui/follow'
import { Predicting } from './predict'
import { predictLayout } from './predict-layout-styles'

export const predict: CreateFeature = (page) => {
  const { store, walk } = page
  const questions = new Predicting(page)
  return {
    id: 'predict',
    actions: [
      {
        id: 'predict',
        label: 'Predict before you see: on or off',
        keys: ['q', 'Q'],
        shown: 'Q',
        group: 'Look',
        row: {
          shown: 'Q',
          does: 'Predict before you see: the walk stops before some steps and asks; digits choose, Enter checks',
        },
        button: {
          text: 'Predict',
          hint: 'Predict before you see (Q)',
          side: 'right',
          order: 10,
          isPressed: () => store.state.predict !== null,
        },
        run: () => questions.toggle(),
      },
    ],
    styles: [predictLayout],
    slots: { card: { render: () => follow(walk.frames, (frame) => questions.card(frame)) } },
    decorations: () => questions.decorations,
    hooks: { gate: (from, to) => questions.gate(from, to) },
  }
}
