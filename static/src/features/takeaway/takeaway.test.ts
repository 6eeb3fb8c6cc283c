import { describe, expect, test } from 'vitest'
import type { Lesson, SnapshotHead } from '../../core/contract'
import { initialPage } from '../../page/state'
import { embedCode, exportAddress, fileName, outOfReach, printAddress, takeawayOf } from './takeaway'

const LINK = 'http://192.168.1.20:8000/lessons/neuron?step=10&iteration=0'
const head = { id: 'abc', iterations: [{}, {}, {}], graphs: [{ id: 0 }, { id: 4 }] } as unknown as SnapshotHead
const lesson = { slug: 'neuron', title: 'One "neuron"' } as Lesson
const page = { ...initialPage('light'), head, lesson, iteration: 1, step: 9, body: { graph: 4 } as never }
const takeaway = takeawayOf(page, LINK, 'A sentence.', null)

test('names say what is inside', () => {
  expect(fileName('neuron', null, 6)).toBe('neuron-step-7')
  expect(fileName(null, 12, 0)).toBe('gradwalk-iteration-13-step-1')
  expect(takeaway.name).toBe('neuron-iteration-2-step-10')
  expect(takeawayOf({ ...page, own: true }, LINK, '', null)).toMatchObject({
    name: 'gradwalk-iteration-2-step-10',
    title: 'A PyTorch program',
  })
})

test.each([
  ['html', '/api/v1/snapshots/abc/export/html'],
  ['json', '/api/v1/snapshots/abc/export/json'],
  ['svg', '/api/v1/snapshots/abc/export/svg?iteration=1'],
  ['dot', '/api/v1/snapshots/abc/export/dot?graph=1'],
  ['mermaid', '/api/v1/snapshots/abc/export/mermaid?graph=1'],
] as const)('%s is at %s', (kind, address) => expect(exportAddress(takeaway, kind)).toBe(address))

test('the page for paper is of this iteration', () => expect(printAddress(takeaway)).toBe('/print/s/abc?iteration=1'))

test('the code of a frame has a title and cannot be left by one', () => {
  const holder = embedCode(takeaway)
  expect(holder).toContain('src="http://192.168.1.20:8000/embed/lessons/neuron?step=10&amp;iteration=0"')
  expect(holder).toContain('title="One &quot;neuron&quot;, step by step (Gradwalk)"')
})

test('the picture is told what it shows', async () => {
  const told: unknown[] = []
  const picture = async (...all: unknown[]) => {
    told.push(...all)
    return '<svg/>'
  }
  expect(await takeawayOf(page, LINK, 'A sentence.', { picture }).picture('dark')).toBe('<svg/>')
  expect(told).toEqual(['dark', { title: 'One "neuron", step 10 of iteration 2', description: 'A sentence.' }])
  expect(await takeaway.picture('light')).toBeNull()
  const turns = [{ line: 3, number: 1, variable: 'epoch', value: 1 }]
  const looped = { ...head, iterations: [{}, { kind: 'evaluation', turns }] } as unknown as SnapshotHead
  await takeawayOf({ ...page, head: looped }, LINK, '', { picture }).picture('dark')
  expect(told.at(-1)).toMatchObject({ title: 'One "neuron", step 10 of iteration 2 (evaluation, epoch 1)' })
})

describe('who can open a link', () => {
  test.each(['http://localhost:8000/', 'http://127.0.0.1:8000/s/x', 'http://127.1.2.3/', 'http://[::1]:8000/'])(
    '%s: nobody else',
    (link) => expect(outOfReach(link)).toContain('GRADWALK_HOST=0.0.0.0'),
  )
  test.each([LINK, 'https://gradwalk.school.example/', 'http://localhost.school.example/'])('%s: others too', (link) =>
    expect(outOfReach(link)).toBeNull(),
  )
})
