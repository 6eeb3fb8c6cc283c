/** The look of the card that asks. */

import { css } from 'lit'

export const predictStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 15.5px / 1.4 var(--sans);
  }

  .strip {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: center;
    max-width: 100%;
    padding: 5px 14px;
    margin: 0;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--card);
    box-shadow: var(--shadow);
    font-size: 0.94em;
  }

  .asking {
    padding: 11px 16px 10px;
    border: 1px solid var(--line-strong);
    border-left: 5px solid var(--focus);
    border-radius: 10px;
    background: var(--card);
    box-shadow: var(--shadow);
    overflow-wrap: anywhere;
  }

  .asking.right {
    border-left-color: var(--value-fill);
  }

  .asking.wrong {
    border-left-color: var(--error);
  }

  fieldset {
    min-width: 0;
    padding: 0;
    margin: 0;
    border: 0;
  }

  .text {
    display: block;
    padding: 0;
    margin: 0 0 7px;
    font-size: 1.03em;
    font-weight: 600;
  }

  p.text {
    font-weight: 400;
  }

  .verdict {
    margin-right: 4px;
  }

  .right .verdict {
    color: var(--value);
  }

  .wrong .verdict,
  .problem {
    color: var(--error);
  }

  .why {
    margin: 0 0 8px;
  }

  .problem {
    margin: 6px 0 0;
  }

  .muted {
    color: var(--muted);
    font-size: 0.9em;
    font-weight: 400;
  }

  .field {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
  }

  #number {
    width: 9em;
    height: 2.3em;
    padding: 0 10px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--stage);
    font-size: 1.05em;
    font-variant-numeric: tabular-nums;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
  }

  .choice {
    display: flex;
    gap: 7px;
    align-items: center;
    min-height: 33px;
    padding: 2px 12px 2px 9px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font-variant-numeric: tabular-nums;
    cursor: pointer;
  }

  .choice:hover {
    background: var(--hover);
  }

  .choice:has(:checked) {
    border-color: var(--focus);
    box-shadow: inset 0 0 0 1px var(--focus);
  }

  .choice input {
    width: 17px;
    height: 17px;
    margin: 0;
    accent-color: var(--focus);
  }

  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: center;
    margin-top: 9px;
  }

  .ways .strong kbd {
    border-color: currentcolor;
    background: none;
  }

  .inspect {
    display: var(--inspect, inline-flex);
  }

  .score {
    margin-left: auto;
    color: var(--muted);
    font-size: 0.92em;
    font-variant-numeric: tabular-nums;
  }

  .link {
    min-height: 24px;
    font-size: 0.92em;
  }

  @media (pointer: coarse) {
    .choice,
    .link {
      min-height: 44px;
    }
  }

  @media (max-width: 480px) {
    .asking {
      padding: 9px 11px;
    }

    .score {
      margin-left: 0;
    }
  }
`
