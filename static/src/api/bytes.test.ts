import { expect, test } from 'vitest'
import { bytesOf } from './bytes'
import { TooLarge } from './errors'

test('all of an answer', async () => {
  const parts = ['one ', 'and ', 'another'].map((part) => new TextEncoder().encode(part))
  const stream = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  expect(new TextDecoder().decode(await bytesOf(new Response(stream), 'this'))).toBe('one and another')
  expect((await bytesOf(new Response(null), 'this')).byteLength).toBe(0)
})

test('an answer that says that it is too large is not waited for', async () => {
  const response = new Response(new ReadableStream(), { headers: { 'Content-Length': '999' } })
  await expect(bytesOf(response, 'iteration 3', 100)).rejects.toThrow(TooLarge)
})

test('one that does not say so is given up', async () => {
  let pulled = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(40))
    },
  })
  await expect(bytesOf(new Response(endless), 'iteration 3', 100)).rejects.toThrow('iteration 3 is larger than')
  expect(pulled).toBeLessThan(6)
})
