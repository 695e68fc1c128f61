// Elements, sections and tables.

import { cell, label } from './words.js';

/** An element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A part of the page that stays while what is in it changes: an open table stays open. */
export class Section {
  constructor(id, title) {
    this.body = make('div');
    this.tables = make('div');
    const heading = make('h2', { id: `${id}-title` }, title);
    this.element = make('section', { id, 'aria-labelledby': heading.id }, heading, this.body, this.tables);
  }

  show(...children) {
    this.body.replaceChildren(...children);
  }

  /** What went wrong, in words. */
  fail(error) {
    this.show(make('p', { class: 'error', role: 'alert' }, error.message));
    this.tables.replaceChildren();
  }

  /** Answers as tables. */
  table(...answers) {
    const open = new Set([...this.tables.querySelectorAll('details[open]')].map((details) => details.dataset.figure));
    this.tables.replaceChildren(...answers.map((answer) => {
      const details = make('details', { 'data-figure': answer.figure }, make('summary', {}, named(answer)));
      details.open = open.has(answer.figure);
      const fill = () => details.open && details.childElementCount === 1 && details.append(...table(answer));
      details.addEventListener('toggle', fill);
      fill();
      return details;
    }));
  }
}

const ROWS = 200;

const named = ({ title, by }) => `Table: ${title}${by && by !== 'all' ? ` by ${by}` : ''}`;

function table(answer) {
  const rows = answer.rows.slice(0, ROWS);
  const isText = (name) => answer.kinds[name].kind === 'text';
  const head = make('tr', {}, ...answer.order.map((name) => make('th', { scope: 'col', title: answer.columns[name], class: isText(name) ? undefined : 'number' }, label(name))));
  const body = rows.map((row) => make('tr', {}, ...answer.order.map((name) => make('td', { class: isText(name) ? undefined : 'number' }, cell(answer, row, name)))));
  const whole = make('table', {}, make('caption', {}, `${answer.unit}; ${answer.population}; ${answer.window}.`), make('thead', {}, head), make('tbody', {}, ...body));
  const parts = [make('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': named(answer) }, whole)];
  if (answer.rows.length > ROWS) parts.push(make('p', { class: 'quiet' }, `The first ${ROWS} of ${answer.rows.length} rows; the command line has them all: vitrine-report ${answer.figure}`));
  const words = answer.order.map((name) => make('div', {}, make('dt', {}, label(name)), make('dd', {}, answer.columns[name])));
  parts.push(make('dl', { class: 'words' }, ...words));
  return parts;
}

/** What stands where nothing is. */
export const nothing = (words = 'Nothing in this period with these filters. Choose a longer period, or clear the filters.') => make('p', { class: 'quiet' }, words);
