// Elements, sections and tables.

import { cell, count, evidence, label, percent } from './words.js';

/** An element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Whoever waits longer is told how far it is. */
export const PATIENCE_MS = 1000;

/** A part of the page that stays while what is in it changes: an open table stays open. */
export class Section {
  constructor(id, title) {
    this.body = make('div');
    this.tables = make('div');
    this.waiting = make('p', { class: 'waiting', hidden: '' }, make('progress', { 'aria-label': title }), ' working it out…');
    // Where a link leads, the keyboard goes on from.
    const heading = make('h2', { id: `${id}-title`, tabindex: '-1' }, title);
    this.element = make('section', { id, 'aria-labelledby': heading.id }, heading, this.waiting, this.body, this.tables);
  }

  /** While figures are worked out; what was there stays. Whoever waits long is told. */
  busy() {
    this.element.setAttribute('aria-busy', 'true');
    clearTimeout(this.patience);
    this.patience = setTimeout(() => { this.waiting.hidden = false; }, PATIENCE_MS);
  }

  /** Nothing is under way any more. */
  done() {
    clearTimeout(this.patience);
    this.waiting.hidden = true;
    this.element.removeAttribute('aria-busy');
  }

  show(...children) {
    this.keep(() => this.body.replaceChildren(...children));
  }

  /** Draws anew; whoever is in it with the keyboard stays there. */
  keep(draw) {
    const places = () => [...this.element.querySelectorAll('a[href], button, input, summary, video, [tabindex="0"]')];
    const at = places().indexOf(document.activeElement);
    draw();
    if (at >= 0 && !this.element.contains(document.activeElement)) places()[at]?.focus({ preventScroll: true });
  }

  /** What went wrong, in words. */
  fail(error) {
    this.show(wrong(error));
    this.tables.replaceChildren();
  }

  /** Answers as tables. */
  table(...answers) {
    const open = new Set([...this.tables.querySelectorAll('details[open]')].map((details) => details.dataset.figure));
    this.keep(() => this.tables.replaceChildren(...answers.map((answer) => {
      const details = make('details', { 'data-figure': answer.figure }, make('summary', {}, titled(answer)));
      details.open = open.has(answer.figure);
      const fill = () => details.open && details.childElementCount === 1 && details.append(...table(answer));
      details.addEventListener('toggle', fill);
      fill();
      return details;
    })));
  }
}

/** A figure's error, where the figure would be. */
export const wrong = (error) => make('p', { class: 'error', role: 'alert' }, error.message);

const ROWS = 200;

const titled = ({ title, by }) => `Table: ${title}${by && by !== 'all' ? ` by ${by}` : ''}`;

function table(answer) {
  const rows = answer.rows.slice(0, ROWS);
  const isText = (name) => answer.kinds[name].kind === 'text';
  const head = make('tr', {}, ...answer.order.map((name) => make('th', { scope: 'col', title: answer.columns[name], class: isText(name) ? undefined : 'number' }, label(name))));
  const body = rows.map((row) => make('tr', {}, ...answer.order.map((name) => make('td', { class: isText(name) ? undefined : 'number' }, cell(answer, row, name)))));
  const whole = make('table', {}, make('caption', {}, `${answer.unit}; ${answer.population}; ${answer.window}.`), make('thead', {}, head), make('tbody', {}, ...body));
  const parts = [make('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': titled(answer) }, whole)];
  if (answer.rows.length > ROWS) parts.push(make('p', { class: 'quiet' }, `The first ${ROWS} of ${answer.rows.length} rows; the command line has them all: vitrine-report ${answer.figure}`));
  const words = answer.order.map((name) => make('div', {}, make('dt', {}, label(name)), make('dd', {}, answer.columns[name])));
  parts.push(make('dl', { class: 'words' }, ...words));
  return parts;
}

/** What no event says, and how it is told. */
export const missing = (words, flag, columns) => make('p', { class: 'notice' }, `${words} Start with `, make('code', {}, `--${flag} FILE`), `, a CSV file with `, make('code', {}, columns), '.');

/** What stands where nothing is. */
export const nothing = (words = 'Nothing in this period with these filters. Choose a longer period, or clear the filters.') => make('p', { class: 'quiet' }, words);

export const chart = (drawn) => drawn ?? nothing();
export const more = (answer, shown = 12) => answer.rows.length > shown ? [make('p', { class: 'quiet' }, `The first ${shown} of ${count(answer.rows.length)}; the table has more.`)] : [];

/** What a row is called, by these columns. */
export const named = (...columns) => (row) => columns.map((name) => row[name]).filter((text) => text && text !== 'all').join(' · ');

/** Why a figure has less than the page's filters ask for. */
export function by(answer, wanted) {
  if (!wanted || answer.by === wanted) return [];
  const words = answer.by_choices.length > 1 ? `${answer.by_choices.join(', ')} are` : 'it has its own rows';
  return [make('p', { class: 'quiet' }, `Not possible by ${wanted}: ${words}.`)];
}

function tile(answer, row, name) {
  const isRate = answer.kinds[name].kind === 'rate';
  const value = row[name] == null ? '–' : isRate ? percent(row[name]) : cell(answer, row, name);
  return make('div', { class: 'tile', id: `tile-${answer.figure}-${name}`, title: answer.columns[name] },
    make('dt', {}, label(name)), make('dd', { class: 'value' }, value),
    make('dd', { class: 'quiet' }, isRate && row[name] != null ? evidence(answer, row, name) : answer.columns[name]));
}

/** Numbers first. */
export const tiles = (answer, row, names) => make('dl', { class: 'tiles' }, ...names.map((name) => tile(answer, row, name)));
