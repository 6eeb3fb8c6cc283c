/** Addresses, names and texts for sharing and export. Pure. */

import { iterationName } from '../../core/iteration-names'
import type { Theme } from '../../core/theme'
import type { PageState } from '../../page/state'

/** A source of pictures. `title`, `description`: for readers who do not see the picture. */
export interface Drawing {
  picture(theme: Theme, words: { title: string; description: string }): Promise<string | null>
}

/** A step to share. `title`: of the program. `name`: the beginning of a file's name. `snapshot`: null where there is none. */
export interface Takeaway {
  link: string
  title: string
  name: string
  snapshot: string | null
  /** From 0. */
  iteration: number
  graph: number
  /** The stage as an svg document; null when nothing is drawn. */
  picture: (theme: Theme) => Promise<string | null>
}

/** The kinds of files that the server makes of a snapshot. */
export type FileKind = 'html' | 'svg' | 'dot' | 'mermaid' | 'json'

/** `sentence`: the sentence of this step. */
export function takeawayOf(page: PageState, link: string, sentence: string, drawing: Drawing | null): Takeaway {
  const { head, lesson, own, iteration, step } = page
  const iterations = head?.iterations ?? []
  const many = iterations.length > 1
  const title = own || lesson === null ? 'A PyTorch program' : lesson.title
  const place = `step ${step + 1}${many ? ` of ${iterationName(iterations, iteration)}` : ''}`
  return {
    link,
    title,
    name: fileName(own ? null : (lesson?.slug ?? null), many ? iteration : null, step),
    snapshot: head?.id ?? null,
    iteration,
    graph: head?.graphs.findIndex(({ id }) => id === page.body?.graph) ?? 0,
    picture: async (theme) => drawing?.picture(theme, { title: `${title}, ${place}`, description: sentence }) ?? null,
  }
}

/** `neuron-step-7`; `training-loop-iteration-13-step-7`. Both count from 1, as the page does. */
export function fileName(slug: string | null, iteration: number | null, step: number): string {
  const parts = [slug ?? 'gradwalk', ...(iteration === null ? [] : [`iteration-${iteration + 1}`]), `step-${step + 1}`]
  return parts.join('-')
}

/** Return the address of an exported file of the snapshot. */
export function exportAddress({ snapshot, iteration, graph }: Takeaway, kind: FileKind): string {
  const query = {
    svg: `?iteration=${iteration}`,
    dot: `?graph=${graph}`,
    mermaid: `?graph=${graph}`,
    html: '',
    json: '',
  }
  return `/api/v1/snapshots/${encodeURIComponent(snapshot ?? '')}/export/${kind}${query[kind]}`
}

/** The page for paper. */
export function printAddress({ snapshot, iteration }: Takeaway): string {
  return `/print/s/${encodeURIComponent(snapshot ?? '')}?iteration=${iteration}`
}

/** Return the code by which another page shows this step in a frame. */
export function embedCode({ link, title }: Takeaway): string {
  const address = new URL(link)
  address.pathname = `/embed${address.pathname}`
  const named = `src="${escaped(address.href)}" title="${escaped(`${title}, step by step (Gradwalk)`)}"`
  return `<iframe ${named} width="960" height="600" loading="lazy" style="border: 0"></iframe>`
}

/** Return the reason why another machine cannot open a link, and a remedy; null when there is none. */
export function outOfReach(link: string): string | null {
  const { hostname, port } = new URL(link)
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return null
  return `A phone cannot reach ${hostname}. Start the server with GRADWALK_HOST=0.0.0.0, and open this page by the machine’s address in your network, such as http://192.168.1.20:${port || '80'}.`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
