/** Putting files on the reader's disk, and a drawing into pixels. */

/** Pixels of a picture per CSS pixel: sharp on a projector, and on paper. */
const DENSITY = 2
/** Browsers draw nothing on a canvas of more pixels than this. */
const MOST_PIXELS = 120_000_000

/** Offers a file to the reader. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // the browser may begin to read only after this task
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Fetches a file and offers it under its own name. Rejects with the sentence that the server refuses it with. */
export async function saveFrom(address: string): Promise<void> {
  const response = await window.fetch(address).catch(() => null)
  if (response === null) throw new Error('The server cannot be reached: the link and the picture still work.')
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as { detail?: string } | null
    throw new Error(problem?.detail ?? 'The server did not give the file. Trying again may help.')
  }
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '') ?? []
  save(await response.blob(), name ?? 'gradwalk')
}

/** An svg document in pixels. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  // as data: the page's policy lets an image come from nowhere else
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  const density = Math.min(DENSITY, Math.sqrt(MOST_PIXELS / (image.width * image.height)))
  canvas.width = Math.round(image.width * density)
  canvas.height = Math.round(image.height * density)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new Error('This browser cannot draw so large a picture: take the SVG.'))
    canvas.toBlob(done, 'image/png')
  })
}

/** Copies a text that also stands selected in `field`. Tells whether it could be copied. */
export async function copy(text: string, field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Without HTTPS, as in a classroom's own network, browsers have no clipboard: the selected text can be copied by hand.
    field.select()
    return document.execCommand('copy')
  }
}
