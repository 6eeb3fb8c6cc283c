/** The worker that lays out, out of the page's own file: there is no other to load it from. */

import LayoutWorker from '../graph/layout.worker?worker&inline'

export function startLayoutWorker(): Worker {
  return new LayoutWorker()
}
