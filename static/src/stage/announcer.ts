/**
 * The timing of what a screen reader speaks. A screen reader queues what it is given: with held keys or fast playing it would speak for
 * minutes about steps that are long gone. So the sentence of a step is spoken once the step has stood still for a moment; while the
 * steps play on, the next sentence is spoken when the last one has had the time to be heard.
 */

/** Milliseconds for which a step stands still before it is spoken: longer than the time between the repeats of a held key. */
export const REST_MS = 300
/** Milliseconds that a fast listener needs for a letter: about 300 words a minute. */
const LETTER_MS = 40

export class Announcer {
  private said = ''
  private wanted = ''
  private saidAt = Number.NEGATIVE_INFINITY
  private timer: ReturnType<typeof setTimeout> | null = null
  private playing = false

  constructor(
    private readonly say: (text: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Take the sentence of the step on show. An empty one silences the screen reader at once. */
  offer(text: string, playing: boolean): void {
    const turned = playing !== this.playing
    if (text === this.wanted && !turned) return
    this.wanted = text
    this.playing = playing
    if (text === '') this.tell()
    // while the steps play, the timer keeps running, and the latest sentence is spoken when it ends
    else if (!playing || turned || this.timer === null)
      this.wait(playing ? Math.max(REST_MS, this.saidAt + this.said.length * LETTER_MS - this.now()) : REST_MS)
  }

  /** Stop speaking for good. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }

  private wait(milliseconds: number): void {
    this.stop()
    this.timer = setTimeout(() => this.tell(), milliseconds)
  }

  private tell(): void {
    this.stop()
    if (this.wanted === this.said) return
    this.said = this.wanted
    this.saidAt = this.now()
    this.say(this.said)
  }
}
