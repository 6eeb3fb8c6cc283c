/** All that can be added to the page, in the order in which it stands there. */

import type { CreateFeature } from '../page/feature'
import { builder } from './builder'
import { compare } from './compare'
import { console } from './console'
import { editor } from './editor'
import { findings } from './findings'
import { inspector } from './inspector'
import { lessons } from './lessons'
import { predict } from './predict'
import { predictRoom } from './predict/predict-layout-styles'
import { reading } from './reading'
import { takeaway } from './takeaway'
import { training } from './training'
import { whatIf } from './whatif'

export const FEATURES: readonly CreateFeature[] = [
  editor,
  console,
  inspector,
  lessons,
  reading,
  training,
  whatIf,
  predict,
  compare,
  findings,
  builder,
  takeaway,
]

/** How features lay out what is around them. */
export const FEATURE_STYLES = [predictRoom]
