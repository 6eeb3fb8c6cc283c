/** The sizes of screens at which the page is arranged in another way, as media queries. */

/** Where a stage is too small to have the sentence over it: a page at 200 %, a phone. The sentence stands below it then. */
export const SMALL_STAGE = '(max-height: 480px), (max-width: 480px)'
