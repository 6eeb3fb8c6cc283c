/** Marks for the severity of a finding: a diamond, a triangle, a circle, each with its sign. Form counts more than colour. Pure. */

import type { Finding } from './contract'

export type Severity = Finding['severity']

/** From the worst on. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']

/** The `d` of the paths of a form, in a box of 20 by 20. */
export interface Form {
  outline: string
  sign: string
}

const FORMS: Readonly<Record<Severity, Form>> = {
  error: { outline: 'M10,0L20,10L10,20L0,10Z', sign: 'M8.2,3.6h3.6l-0.7,7.4h-2.2ZM8.4,12.6h3.2v3.2h-3.2Z' },
  warning: { outline: 'M10,0.6L20,18.8H0Z', sign: 'M8.2,5.6h3.6l-0.7,7h-2.2ZM8.4,14.1h3.2v3.2h-3.2Z' },
  note: {
    outline: 'M10,0.4a9.6,9.6 0 1 1 0,19.2a9.6,9.6 0 1 1 0,-19.2Z',
    sign: 'M8.6,4.2h2.8v2.8h-2.8ZM8.6,8.6h2.8v7.2h-2.8Z',
  },
}

const NO_FORM: Form = { outline: '', sign: '' }

/** The form of a severity; an empty one of nothing. */
export function formOf(severity: Severity | undefined): Form {
  return severity === undefined ? NO_FORM : FORMS[severity]
}

/** The worse one of two. */
export function worse(a: Severity | undefined, b: Severity): Severity {
  return a !== undefined && SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? a : b
}
