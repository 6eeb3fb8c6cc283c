/** The layout of two stages: beside each other or one above the other, and the groups that are open in both at first. Pure. */

import type { Folds } from '../../stage/program/folds'
import { type View, viewOf } from '../../stage/program/graph-view'
import { layout } from '../../stage/program/layout'
import { openAtStart, type Size } from '../../stage/program/opening-folds'
import type { CardSize } from '../../stage/program/satellites'

export interface Split {
  way: 'beside' | 'above'
  open: readonly string[]
  /** The width up to which a drawing has room between its columns. */
  width: number
}

/** The scale at which the width of the stage is used. */
const COMFORT = 1

interface Extent {
  width: number
  height: number
}

/** Pixels for the title of a stage and the margin around its drawing. */
const AROUND = { width: 25, height: 44 }
/** Scales of a drawing: below the first it is cut, from the second on it is read from the last row. */
const SCALES = { shown: 0.7, read: 0.8, most: 1.5 }

/** For a place of this size, in CSS pixels: the way in which more of the graph can be read. */
export function splitFor(
  folds: Folds,
  place: Extent,
  sizesOf: (view: View) => ReadonlyMap<string, CardSize>,
  wanted: string | null,
): Split {
  const drawn = (view: View, most: number) => {
    const sizes = sizesOf(view)
    return layout(view, (card) => sizes.get(card) as CardSize, most)
  }
  const looks = (['beside', 'above'] as const).map((way) => {
    const stage = way === 'beside' ? { ...place, width: place.width / 2 } : { ...place, height: place.height / 2 }
    const most = (stage.width - AROUND.width) / COMFORT
    const scaleOf = (view: View) => {
      const { width, height } = drawn(view, most)
      return Math.min(SCALES.most, (stage.width - AROUND.width) / width, (stage.height - AROUND.height) / height)
    }
    const open = openAtStart(folds, (view) => sizeAt(scaleOf(view)), wanted)
    const view = viewOf(folds, open)
    return { way, open: [...open], width: most, scale: scaleOf(view), cards: view.cards.length }
  })
  const [beside, above] = looks as [(typeof looks)[0], (typeof looks)[0]]
  const isShown = ({ scale }: typeof beside) => scale >= SCALES.shown
  if (isShown(beside) !== isShown(above)) return isShown(beside) ? beside : above
  if (beside.cards !== above.cards) return beside.cards > above.cards ? beside : above
  return above.scale > beside.scale ? above : beside
}

function sizeAt(scale: number): Size {
  if (scale >= SCALES.read) return 'read'
  return scale >= SCALES.shown ? 'shown' : 'cut'
}
