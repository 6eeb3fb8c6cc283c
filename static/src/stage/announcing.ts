/**
 * When the sentence of a step is spoken. A screen reader queues what it is given: held keys and fast playing would have it speak
 * for minutes of steps that are long gone. So a step is told once it rests; and while the steps play on, the next one is told when
 * the last one can have been heard.
 */

/** Milliseconds for which a step stands before it is told: longer than from one key to the next while a key is held. */
export const REST_MS = 300
/** Milliseconds that a letter takes a fast listener: some 300 words a minute. */
const LETTER_MS = 40

export class Announcing {
  private said = ''
  private wanted = ''
  private saidAt = Number.NEGATIVE_INFINITY
  private timer: ReturnType<typeof setTimeout> | null = null
  private playing = false

  constructor(
    private readonly say: (text: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The sentence of where the walk stands now; none hushes at once. */
  offer(text: string, playing: boolean): void {
    const turned = playing !== this.playing
    if (text === this.wanted && !turned) return
    this.wanted = text
    this.playing = playing
    if (text === '') this.tell()
    // while playing what waits keeps its turn, and the latest sentence is what is said then
    else if (!playing || turned || this.timer === null)
      this.wait(playing ? Math.max(REST_MS, this.saidAt + this.said.length * LETTER_MS - this.now()) : REST_MS)
  }

  /** Says nothing any more. */
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
