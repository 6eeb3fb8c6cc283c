/** Storage that keeps no drafts: a player has no editor, and must not take over the drafts of the page on the same server. */

import type { Drafts } from '../page/draft-book'

export const NO_DRAFTS: Drafts = {
  take: () => null,
  keep: () => true,
  setAside: () => true,
  other: () => null,
  drop: () => {},
  holds: () => false,
  watch: () => () => {},
}
