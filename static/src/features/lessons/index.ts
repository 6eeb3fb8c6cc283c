/** Lessons: their text beside the picture, and the walk from stop to stop. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { LessonWalk } from './lessons'
import './lesson-menu'

export const lessons: CreateFeature = (page) => {
  const { store } = page
  const lesson = new LessonWalk(page)
  const onLesson = (event: Event) => void lesson.open((event as CustomEvent<{ slug: string }>).detail.slug, 0)
  return {
    id: 'lesson',
    actions: [
      {
        id: 'next-stop',
        label: 'Next stop of the lesson',
        keys: ['j', 'J'],
        shown: 'J',
        group: 'Walk',
        row: { shown: 'J K', does: 'Next or previous stop of the lesson' },
        run: () => lesson.move(1),
      },
      {
        id: 'previous-stop',
        label: 'Previous stop of the lesson',
        keys: ['k', 'K'],
        shown: 'K',
        group: 'Walk',
        run: () => lesson.move(-1),
      },
    ],
    slots: {
      header: {
        render: () => {
          const { lessons: list, lesson: current } = store.state
          return html`<gw-lesson-menu .lessons=${list} .current=${current?.slug ?? null}></gw-lesson-menu>`
        },
      },
      panel: {
        order: 70,
        title: () => 'Lesson',
        isShown: () => store.state.lesson !== null,
        render: () => lesson.panel(),
      },
    },
    hooks: { openingPlace: (place, opened) => lesson.openingPlace(place, opened) },
    connect: () => {
      page.host.addEventListener('gw-lesson', onLesson)
      return { dispose: () => page.host.removeEventListener('gw-lesson', onLesson) }
    },
  }
}
