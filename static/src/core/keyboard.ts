/** Key presses: how actions name them, and which of them belong to the element that has the focus. Pure. */

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Keys that mean another thing with Shift; for all others the character itself says it ("?" is Shift + "/"). */
const SHIFTED = /^(Arrow\w+|Home|End|Enter)$/

/** A key press as the actions name it, "Shift+ArrowLeft"; null for one that is the browser's. */
export function keyOf(press: KeyPress): string | null {
  if (press.altKey) return null
  const control = press.ctrlKey || press.metaKey ? 'Ctrl+' : ''
  const shift = press.shiftKey && SHIFTED.test(press.key) ? 'Shift+' : ''
  return control + shift + press.key
}

/** Return whether a key belongs to the elements of an event's composed path: text is typed, a button is pressed. */
export function belongsToTarget(press: KeyPress, path: readonly EventTarget[]): boolean {
  const elements = path.filter((target): target is Element => target instanceof Element)
  if (elements.some(isTextField)) return true
  if (elements.some((element) => element.matches(CHOICE))) return CHOOSES.test(press.key)
  return (press.key === ' ' || press.key === 'Enter') && elements.some(isPressable)
}

/** A box or a button to choose by: it wants no letters. */
const CHOICE = 'input[type="radio"], input[type="checkbox"]'
const CHOOSES = /^(Arrow\w+| |Enter)$/

function isTextField(element: Element): boolean {
  return element.matches(`input:not(${CHOICE}), textarea, select, [contenteditable=""], [contenteditable="true"]`)
}

function isPressable(element: Element): boolean {
  return element.matches('button, a[href], summary, [role="button"], [role="menuitem"], [role="option"]')
}
