/** The sizes of screens at which the page is arranged in another way, as media queries. */

/** Screens on which the sentence stands below the stage instead of over it: a page at 200 %, a phone. */
export const SMALL_STAGE = '(max-height: 480px), (max-width: 480px)'
