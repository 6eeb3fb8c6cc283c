/** All that can be added to the page, in the order in which it stands there. */

import type { CreateFeature } from '../page/feature'
import { builder } from './builder'
import { compare } from './compare'
import { console } from './console'
import { editor } from './editor'
import { explain } from './explain'
import { findings } from './findings'
import { glossary } from './glossary'
import { inspector } from './inspector'
import { lessons } from './lessons'
import { predict } from './predict'
import { reading } from './reading'
import { takeaway } from './takeaway'
import { training } from './training'
import { whatIf } from './whatif'

export const FEATURES: readonly CreateFeature[] = [
  editor,
  console,
  inspector,
  explain,
  lessons,
  reading,
  training,
  whatIf,
  predict,
  compare,
  findings,
  builder,
  takeaway,
  glossary,
]
