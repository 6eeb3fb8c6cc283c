/** The worker that parses, out of the page's own file: there is no other to load it from. */

import ParseWorker from '../api/parse.worker?worker&inline'

export function startParseWorker(): Worker {
  return new ParseWorker()
}
