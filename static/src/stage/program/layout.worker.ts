/** The worker that lays out views off the main thread. */

import type { Visible } from './graph-view'
import { layout } from './layout'
import type { CardSize } from './satellites'

self.onmessage = ({ data }: MessageEvent<{ view: Visible; sizes: ReadonlyMap<string, CardSize>; most?: number }>) => {
  self.postMessage(layout(data.view, (card) => data.sizes.get(card) as CardSize, data.most))
}
