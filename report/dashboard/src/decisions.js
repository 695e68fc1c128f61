// What is decided by: experiments, the forecast, the return, and the rules of attribution side by side.

import { differences, measures } from './charts.js';
import { by, chart, make, missing, more, named, nothing } from './page.js';
import { cell, count, label, money, number, percent, points } from './words.js';

const SHOWN = 12;
/** Columns of figures beside each other; more rows than these are in the table below. */
const COMPARED = 8;

const rate = (group) => `${percent(group.conversion)} (${count(group.converted_viewers)} of ${count(group.viewers)})`;

/** Rows with those that they are compared with. */
const compared = (rows) => rows.filter((row) => row.difference != null)
  .map((row) => ({ row, first: rows.find((other) => other.metric === row.metric && other.difference == null) }));

const verdicts = (rows) => make('dl', { class: 'verdicts' }, ...compared(rows).map(({ row, first }) => make('div', {},
  make('dt', {}, `${row.metric} · ${row.variant}`), make('dd', {}, row.verdict), make('dd', { class: 'quiet' }, `${rate(row)}; ${first.variant} ${rate(first)}`))));

const drawn = (rows) => compared(rows).map(({ row }) => ({
  label: `${row.metric} · ${row.variant}`,
  words: `${points(row.difference)} [${points(row.difference_low)} to ${points(row.difference_high)}]`,
  value: row.difference, low: row.difference_low, high: row.difference_high, always_low: row.always_low, always_high: row.always_high,
}));

export function experiments({ experiment }, width, state) {
  const parts = by(experiment, state.by);
  const all = Map.groupBy(experiment.rows, (row) => [row.experiment, row.dimension].filter((name) => name !== 'all').join(' · '));
  for (const [name, rows] of [...all].slice(0, COMPARED)) {
    const groups = Map.groupBy(rows, (row) => row.variant);
    const sizes = [...groups].map(([variant, [row]]) => `${variant} ${count(row.viewers)}`).join(', ');
    const { sample_ratio_p: chance, crossovers } = rows[0];
    const ratio = chance == null ? '' : ` Groups of such sizes come by chance in ${chance < 0.001 ? 'less than 0.1 %' : percent(chance)} of cases${chance < 0.001 ? ': do not read on' : ''}.`;
    parts.push(make('h3', {}, name), make('p', { class: chance != null && chance < 0.001 ? 'error' : 'quiet' }, `Viewers: ${sizes}; ${count(crossovers)} more saw several variants and are left out.${ratio}`));
    const bars = drawn(rows);
    if (bars.length === 0) parts.push(nothing('One variant was seen so far: there is nothing to compare it with.'));
    else parts.push(verdicts(rows), differences(bars, width, `Differences in points, ${name}`));
  }
  if (all.size === 0) return [...parts, nothing('No experiment was seen in this period with these filters. A page tells of one with experiment.id and experiment.variant.')];
  return [...parts, make('p', { class: 'quiet' }, 'Points beside the first variant. Thick: the 95 % interval of one look, at an end fixed before. Thin: the one that holds however often one looks.'), ...more({ rows: [...all] }, COMPARED)];
}

const RULES = ['last_touch', 'first_touch', 'linear', 'time_decay', 'position', 'data_driven'];

/** A share as a shade, so that rules that differ are seen. */
function share(part, whole, words) {
  const of = whole > 0 ? part / whole : 0;
  const field = make('td', { class: 'number' }, (of * 100).toFixed(1), make('span', { class: 'sign' }, ' %'), make('span', { class: 'wide' }, words));
  field.style.background = `color-mix(in srgb, var(--accent) ${Math.round(of * 35)}%, transparent)`;
  return field;
}

/** A table that is the chart: rows have names, columns are compared. One that stacks has each row by itself on a phone. */
function matrix(caption, first, columns, rows, stacks) {
  const head = make('tr', {}, make('th', { scope: 'col' }, first), ...columns.map(({ name, title }) => make('th', { scope: 'col', class: 'number', title }, name)));
  const table = make('table', { class: stacks ? 'matrix stacks' : 'matrix' }, make('caption', {}, caption), make('thead', {}, head), make('tbody', {}, ...rows));
  if (stacks) {
    // As blocks they would be no table any more for whoever listens to it.
    for (const [name, role] of Object.entries({ thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell', 'th[scope=col]': 'columnheader', 'th[scope=row]': 'rowheader' })) {
      table.querySelectorAll(name).forEach((part) => part.setAttribute('role', role));
    }
    table.setAttribute('role', 'table');
    for (const row of table.tBodies[0].rows) columns.forEach(({ name }, at) => { row.cells[at + 1].dataset.label = name; row.cells[at + 1].classList.toggle('empty', row.cells[at + 1].textContent === '–'); });
  }
  return make('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption }, table);
}

export function attribution({ attribution: answer }, width, state) {
  const parts = by(answer, state.by);
  const columns = RULES.map((name) => ({ name: label(name), title: answer.columns[name] }));
  for (const [currency, all] of Map.groupBy(answer.rows, (row) => row.currency)) {
    const whole = Object.fromEntries(RULES.map((rule) => [rule, all.reduce((sum, row) => sum + row[rule], 0)]));
    const rows = all.slice(0, COMPARED).map((row) => make('tr', {}, make('th', { scope: 'row' }, row.dimension),
      ...RULES.map((rule) => share(row[rule], whole[rule], money(row[rule], currency)))));
    parts.push(make('h3', {}, `${money(whole.last_touch, currency)} of order lines`),
      matrix(`Shares of ${currency} in %, by ${answer.by} and by six rules`, answer.by, columns, rows), ...more({ rows: all }, COMPARED));
  }
  return answer.rows.length ? parts : [...parts, nothing()];
}

export function forecast({ forecast: answer }, width, state, given) {
  const parts = given.inventory ? [] : [missing('Stock is not known, so there is no advice.', 'inventory', 'item_id,stock')];
  const rows = answer.rows.filter((row) => row.clicks_to_come != null).sort((a, b) => b.clicks_to_come - a.clicks_to_come);
  const bars = rows.slice(0, SHOWN).map((row) => ({
    label: row.advice ? `${row.product}: ${row.advice}` : row.product, value: row.clicks_to_come, low: row.clicks_low, high: row.clicks_high,
    words: `${number(row.clicks_to_come)} clicks [${number(row.clicks_low)}–${number(row.clicks_high)}]${row.error == null ? '' : `, back-test off by ${percent(row.error)}`}`,
  }));
  if (answer.rows.length === 0) return [...parts, nothing()];
  parts.push(make('h3', {}, 'Clicks in the next 14 days'), bars.length ? measures(bars, width, 'Clicks in the next 14 days') : nothing('Not known yet: a forecast needs four weeks of days with events. Choose a longer period.'), ...more({ rows }, SHOWN));
  const advised = Map.groupBy(answer.rows.filter((row) => row.advice), (row) => row.advice);
  for (const [advice, of] of advised) {
    parts.push(make('h3', {}, `${advice[0].toUpperCase()}${advice.slice(1)}: ${count(of.length)}`),
      make('ul', {}, ...of.slice(0, SHOWN).map((row) => make('li', {}, make('b', {}, row.product), ` ${row.reason}`))), ...more({ rows: of }, SHOWN));
  }
  const unknown = given.inventory ? answer.rows.filter((row) => !row.advice) : [];
  if (unknown.length) parts.push(make('h3', {}, `No advice: ${count(unknown.length)}`), make('ul', {}, ...unknown.slice(0, SHOWN).map((row) => make('li', {}, make('b', {}, row.product), ` ${row.reason}`))));
  return parts;
}

const RETURN = ['revenue', 'cost', 'margin', 'roi', 'roas', 'cost_per_view', 'cost_per_interactive_view', 'cost_per_lead', 'cost_per_order'];

export function returns({ return: answer }, width, state, given) {
  const parts = [];
  if (!given.costs) parts.push(missing('What the videos cost is not known, so there is no return.', 'costs', 'video,amount,currency,kind'));
  if (!given.inventory) parts.push(missing('What products cost is not known, so there is no margin.', 'inventory', 'item_id,stock,unit_cost,currency'));
  const known = answer.rows.filter((row) => row.note == null && row.currency);
  const columns = RETURN.map((name) => ({ name: label(name), title: answer.columns[name] }));
  const ratio = (value) => value == null ? '–' : percent(value);
  const shown = (row, name) => name === 'roi' || name === 'roas' ? ratio(row[name]) : cell(answer, row, name);
  for (const [currency, rows] of Map.groupBy(known, (row) => row.currency)) {
    const bars = rows.filter((row) => row.revenue > 0 || row.cost > 0).slice(0, SHOWN).map((row) => ({
      label: row.video, value: row.revenue, mark: row.cost > 0 ? row.cost : undefined,
      words: [money(row.revenue, currency), row.cost > 0 ? `cost ${money(row.cost, currency)}` : given.costs ? 'no cost' : '', row.roi == null ? '' : `ROI ${ratio(row.roi)}`, row.roas == null ? '' : `ROAS ${ratio(row.roas)}`].filter(Boolean).join(', '),
    }));
    parts.push(make('h3', {}, `In ${currency}`), chart(measures(bars, width, `Revenue in ${currency}; the line is the cost`)));
    if (rows.some((row) => row.cost > 0)) {
      parts.push(make('p', { class: 'quiet' }, 'Bar: revenue. Line: cost.'), matrix(`Return in ${currency}`, 'video', columns,
        rows.map((row) => make('tr', {}, make('th', { scope: 'row' }, row.video), ...RETURN.map((name) => make('td', { class: 'number' }, shown(row, name))))), true));
    }
  }
  const left = answer.rows.filter((row) => row.note != null);
  if (left.length) {
    if (!given.rates) parts.push(missing('Rates of currencies are not known.', 'rates', 'date,from,to,rate'));
    parts.push(make('h3', {}, `Left out: ${count(left.length)}`), make('ul', {}, ...left.map((row) => make('li', {}, make('b', {}, row.video),
      ` ${money(row.revenue, row.currency)} revenue, ${money(row.cost, row.currency)} cost: ${row.note}`))));
  }
  return answer.rows.length ? parts : [...parts, nothing()];
}
