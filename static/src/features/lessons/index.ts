/** Lessons: their text beside the picture, and the walk from stop to stop. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import type { PageEvents } from '../../ui/events'
import { LessonWalk } from './lessons'
import './lesson-menu'

export const lessons: CreateFeature = (page) => {
  const { store } = page
  const lesson = new LessonWalk(page)
  const onLesson = (event: Event) => {
    const { slug, stop = 0 } = (event as CustomEvent<PageEvents['gw-lesson']>).detail
    void lesson.open(slug, stop)
  }
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
      {
        id: 'course',
        label: 'Map of the course',
        keys: ['u', 'U'],
        shown: 'U',
        group: 'Page',
        row: { shown: 'U', does: 'Map of the course: all lessons, what builds on what, and what you have done' },
        run: () => page.openDialog('lesson'),
      },
    ],
    slots: {
      dialog: {
        name: 'The map of the course',
        tag: 'gw-course-map',
        load: () => import('./course-map'),
        render: () => html`<gw-course-map .lessons=${store.state.lessons}
          .current=${store.state.lesson?.slug ?? null}></gw-course-map>`,
      },
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
    hooks: {
      openingPlace: (place, opened) => lesson.openingPlace(place, opened),
      shownOutput: (entries) => lesson.shownOutput(entries),
    },
    connect: () => {
      page.host.addEventListener('gw-lesson', onLesson)
      return { dispose: () => page.host.removeEventListener('gw-lesson', onLesson) }
    },
  }
}
