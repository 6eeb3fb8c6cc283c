import { describe, expect, it } from 'vitest'
import { type Clock, Player } from './player'

/** A clock that a test turns by hand. */
class HandClock implements Clock {
  time = 0
  reduced = false
  private waiting: (() => void) | null = null
  now = () => this.time
  request = (callback: () => void) => {
    this.waiting = callback
    return 1
  }
  cancel = () => {
    this.waiting = null
  }
  reducedMotion = () => this.reduced
  turn(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      this.time += 10
      const callback = this.waiting
      this.waiting = null
      callback?.()
    }
  }
}

function setUp(length = 4) {
  const clock = new HandClock()
  const frames: [number, number][] = []
  let playing = false
  const player = new Player(
    (step, progress) => frames.push([step, progress]),
    (state) => {
      playing = state.playing
    },
    clock,
  )
  player.load(length, 0)
  return { clock, frames, player, isPlaying: () => playing }
}

describe('Player', () => {
  it('animates one step forwards and jumps everywhere else', () => {
    const { clock, frames, player } = setUp()
    player.seek(1)
    expect(frames.at(-1)).toEqual([1, 0])
    clock.turn(300)
    expect(frames.at(-1)?.[1]).toBeCloseTo(0.5, 1)
    clock.turn(400)
    expect(frames.at(-1)).toEqual([1, 1])
    player.seek(0)
    expect(frames.at(-1)).toEqual([0, 1])
    player.seek(99)
    expect(frames.at(-1)).toEqual([3, 1])
  })

  it('arrives anywhere with the animation of that step, and without it where motion is reduced', () => {
    const { clock, frames, player, isPlaying } = setUp()
    player.toggle()
    player.arrive(2)
    expect(isPlaying()).toBe(false)
    expect(frames.at(-1)).toEqual([2, 0])
    clock.turn(3000)
    expect(frames.at(-1)).toEqual([2, 1])
    player.arrive(0)
    expect(frames.at(-1)).toEqual([0, 0])
    clock.reduced = true
    player.arrive(99)
    expect(frames.at(-1)).toEqual([3, 1])
  })

  it('arrives nowhere where there is nothing', () => {
    const { frames, player } = setUp(0)
    const before = frames.length
    player.arrive(1)
    expect(frames).toHaveLength(before)
  })

  it('goes no further forwards than its gate lets it, and back as far as it likes', () => {
    const { clock, player, isPlaying } = setUp()
    player.gate = (_from, to) => Math.min(to, 2)
    player.seek(3)
    expect(player.step).toBe(2)
    player.seek(0)
    player.toggle()
    clock.turn(10_000)
    expect([player.step, isPlaying()]).toEqual([2, false])
    player.toggle()
    clock.turn(5000)
    expect([player.step, isPlaying()]).toEqual([2, false])
    player.seek(1)
    expect(player.step).toBe(1)
    player.gate = (_from, to) => to
    player.seek(3)
    expect(player.step).toBe(3)
  })

  it('plays to the end, stops there, and starts over', () => {
    const { clock, player, isPlaying } = setUp()
    player.toggle()
    expect(isPlaying()).toBe(true)
    clock.turn(5000)
    expect(player.step).toBe(3)
    expect(isPlaying()).toBe(false)
    player.toggle()
    expect(player.step).toBe(0)
  })

  it('is interrupted by a key at once', () => {
    const { clock, frames, player, isPlaying } = setUp()
    player.toggle()
    clock.turn(100)
    player.seek(0)
    expect(isPlaying()).toBe(false)
    expect(frames.at(-1)).toEqual([0, 1])
  })

  it('moves nothing when the reader asks for less motion', () => {
    const { clock, frames, player } = setUp()
    clock.reduced = true
    player.seek(1)
    expect(frames.at(-1)).toEqual([1, 1])
  })

  it('stops at the end of a step with a breakpoint, and goes on from there', () => {
    const { clock, player, isPlaying } = setUp(6)
    player.stopsAt = (step) => step === 2
    player.toggle()
    clock.turn(10_000)
    expect([player.step, isPlaying()]).toEqual([2, false])
    player.toggle()
    clock.turn(10_000)
    expect([player.step, isPlaying()]).toEqual([5, false])
  })
})
