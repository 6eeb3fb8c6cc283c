/** The mark of a finding's severity, beside its word. */

import { css, html, svg, type TemplateResult } from 'lit'
import type { Finding } from '../core/contract'
import { formOf } from '../core/severity'

/** The form of a finding's severity, beside its word. */
export function form({ severity }: Pick<Finding, 'severity'>): TemplateResult {
  return html`<svg class="form ${severity}" viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${formOf(severity).outline}></path><path class="sign" d=${formOf(severity).sign}></path>`}</svg>`
}

/** Styles of the marks and the count. */
export const findingForms = css`
  .form {
    width: 15px;
    height: 15px;
    fill: var(--note);
    vertical-align: -2.5px;
  }

  .form.warning {
    fill: var(--warning);
  }

  .form.error {
    fill: var(--error);
  }

  .form .sign {
    fill: var(--card);
  }

  .badge {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    margin-left: 2px;
    padding: 0 7px 0 5px;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    color: var(--ink);
    font-size: 12.5px;
    font-weight: 650;
    line-height: 18px;
  }

  .badge .form {
    width: 12px;
    height: 12px;
  }
`
