// What the page shows: for each section the figures it asks for, and how they are drawn.

import { amounts, rates } from './charts.js';
import { make, nothing } from './page.js';
import { cell, count, duration, evidence, label, money, percent } from './words.js';

const TILES = ['impressions', 'viewers', 'play_rate', 'completion_rate', 'watch_seconds_per_view', 'interactive_view_rate', 'engagement_rate', 'ctr'];

function tile(answer, row, name) {
  const isRate = answer.kinds[name].kind === 'rate';
  const value = row[name] == null ? '–' : isRate ? percent(row[name]) : cell(answer, row, name);
  return make('div', { class: 'tile', id: `tile-${name}`, title: answer.columns[name] },
    make('dt', {}, label(name)), make('dd', { class: 'value' }, value),
    make('dd', { class: 'quiet' }, isRate && row[name] != null ? evidence(answer, row, name) : answer.columns[name]));
}

function overview(answers) {
  const [row] = answers.overview.rows;
  if (!row?.impressions) return [nothing('No view in this period with these filters. Once a page with the overlay is watched, and its events come in, figures appear here.')];
  return [make('dl', { class: 'tiles' }, ...TILES.map((name) => tile(answers.overview, row, name)))];
}

/** Why a figure has less than the page's filters ask for. */
function by(answer, wanted) {
  if (!wanted || answer.by === wanted) return [];
  const words = answer.by_choices.length > 1 ? `${answer.by_choices.join(', ')} are` : 'it has its own rows';
  return [make('p', { class: 'quiet' }, `Not possible by ${wanted}: ${words}.`)];
}

const chart = (drawn) => drawn ?? nothing();
const more = (answer, shown = 12) => answer.rows.length > shown ? [make('p', { class: 'quiet' }, `The first ${shown} of ${count(answer.rows.length)}; the table has more.`)] : [];

const named = (...columns) => (row) => columns.map((name) => row[name]).filter((text) => text && text !== 'all').join(' · ');

function funnel(answers, width, state) {
  const answer = answers.funnel;
  const groups = Map.groupBy(answer.rows, (row) => row.dimension);
  const drawn = [...groups].slice(0, 4).flatMap(([name, rows]) => {
    const labelOf = (row) => row.median_ms == null ? row.step : `${row.step} (${duration(row.median_ms / 1000)} after)`;
    const steps = chart(rates({ ...answer, rows }, 'from_first', width, labelOf));
    return groups.size > 1 ? [make('h3', {}, name), steps] : [steps];
  });
  return [...by(answer, state.by), ...(drawn.length ? drawn : [nothing()]), ...more({ rows: [...groups] }, 4)];
}

function abandoned(answers, width, state) {
  const answer = answers.abandoned;
  const parts = by(answer, state.by);
  for (const whole of answers.abandoned_all.rows) {
    const rest = whole.pending_intents > 0 ? ` ${count(whole.pending_intents)} more, worth ${money(whole.pending_value, whole.currency)}, are pending: their time is not over.` : '';
    const rate = whole.abandonment_rate == null ? 'not known yet' : `${percent(whole.abandonment_rate)} ${evidence(answers.abandoned_all, whole, 'abandonment_rate')}`;
    parts.push(make('h3', {}, `${money(whole.value_at_risk, whole.currency)} at risk`),
      make('p', {}, `${count(whole.viewers_at_risk)} viewers. Abandonment ${rate} decided intents; ${count(whole.recovered_intents)} ordered after all.${rest}`));
    const rows = answer.rows.filter((row) => row.currency === whole.currency);
    const words = (row) => `${money(row.value_at_risk, row.currency)}, ${count(row.viewers_at_risk)} viewers`;
    const bars = answer.by !== 'all' && amounts(rows, 'value_at_risk', width, { title: `Value at risk in ${whole.currency} by ${answer.by}`, labelOf: named('dimension'), words });
    if (bars) parts.push(bars);
  }
  return answers.abandoned_all.rows.length ? parts : [nothing()];
}

function segments(answers, width, state) {
  const answer = answers.segments;
  const parts = by(answer, state.by);
  for (const [currency, rows] of Map.groupBy(answer.rows, (row) => row.currency)) {
    const bars = rates({ ...answer, rows }, 'conversion', width, (row) => `${row.dimension}: ${money(row.revenue_per_view ?? 0, currency)} a view`);
    parts.push(make('h3', {}, `In ${currency}`), chart(bars));
  }
  return answer.rows.length ? [...parts, ...more(answer)] : [nothing()];
}

/** The figure's answer by the dimension of the page, if it has that; otherwise by `first`. */
const as = (figure, query = {}, first = '') => ({ figure, query, first });

export const SECTIONS = [
  { id: 'overview', title: 'Overview', asks: { overview: as('overview', { by: 'all' }) }, draw: overview },
  {
    id: 'ctr', title: 'CTR', asks: { ctr: as('overview') }, only: (state) => state.by,
    draw: ({ ctr }, width, state) => [...by(ctr, state.by), chart(rates(ctr, 'ctr', width, named('dimension'))), ...more(ctr)],
  },
  { id: 'film', title: 'The video' },
  {
    id: 'hctr', title: 'HCTR by hotspot', asks: { hctr: as('hctr') },
    draw: ({ hctr }, width, state) => [...by(hctr, state.by), chart(rates(hctr, 'hctr', width, named('video', 'hotspot', 'dimension'))), ...more(hctr)],
  },
  {
    id: 'products', title: 'HCTR by product', asks: { products: as('hctr_product', { by: '' }) },
    draw: ({ products }, width) => [chart(rates(products, 'hctr', width, (row) => row.product_name ? `${row.product_name} (${row.product})` : row.product)), ...more(products)],
  },
  { id: 'funnel', title: 'Funnel', asks: { funnel: as('funnel') }, draw: funnel },
  {
    id: 'abandoned', title: 'Abandoned intents',
    asks: { abandoned_all: as('abandoned', { by: 'all' }), abandoned: as('abandoned', {}, 'video') }, draw: abandoned,
  },
  { id: 'segments', title: 'Segments', asks: { segments: as('segments') }, draw: segments },
];
