/** Where the elements of a what-if stand. They are fetched when they are placed for the first time. */

import { html, nothing } from 'lit'
import type { Node } from '../../core/contract'
import { isLeaf } from './leaf-elements'
import type { WhatIfView } from './what-if-state'

/** In the inspector: the numbers of a leaf. */
export function whatIfCard(view: WhatIfView | null, node: Node) {
  if (view === null || !isLeaf(node)) return nothing
  void import('./what-if-card')
  return html`<gw-what-if .view=${view} .node=${node}></gw-what-if>`
}

/** On the stage: what the picture is of; `alone`: the inspector is not to be seen, and the losses are said here, too. */
export function whatIfBar(view: WhatIfView, alone: boolean) {
  if (view.whatIf !== null || (view.head?.program.overrides?.length ?? 0) > 0) void import('./what-if-bar')
  return html`<gw-what-if-bar .view=${view} ?alone=${alone}></gw-what-if-bar>`
}
