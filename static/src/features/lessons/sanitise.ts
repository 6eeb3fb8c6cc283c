/** Lets a lesson's HTML in by an allow-list: only the elements that a text needs, only links as attributes. */

const ALLOWED = new Set(
  'A BLOCKQUOTE BR CODE EM H1 H2 H3 H4 HR KBD LI OL P PRE STRONG SUB SUP TABLE TBODY TD TH THEAD TR UL'.split(' '),
)

/** The content of `html` as nodes of this document. What is not allowed is left out, its text kept; scripts leave nothing. */
export function sanitise(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  const fragment = document.createDocumentFragment()
  fragment.append(...copyAll(parsed.body))
  return fragment
}

function copyAll(parent: ParentNode & Node): Node[] {
  return [...parent.childNodes].flatMap(copy)
}

function copy(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')]
  if (!(node instanceof Element) || ['SCRIPT', 'STYLE', 'TEMPLATE'].includes(node.tagName)) return []
  if (!ALLOWED.has(node.tagName)) return copyAll(node)
  const element = document.createElement(node.tagName)
  const href = node.getAttribute('href')
  if (element instanceof HTMLAnchorElement && href !== null && isSafe(href)) element.href = href
  element.append(...copyAll(node))
  return [element]
}

function isSafe(href: string): boolean {
  return /^(https?:\/\/|\/(?!\/)|#)/.test(href)
}
