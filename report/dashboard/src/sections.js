// What the page shows: for each section the figures it asks for, and how they are drawn.

import { amounts, rates } from './charts.js';
import { attribution, experiments, forecast, returns } from './decisions.js';
import { Film } from './film.js';
import { by, chart, make, missing, more, named, nothing, tiles } from './page.js';
import { campaigns, codes, cohorts, customers, influencers, launch, machines, polls } from './people.js';
import { count, duration, evidence, label, money, percent } from './words.js';

const TILES = ['impressions', 'viewers', 'play_rate', 'completion_rate', 'watch_seconds_per_view', 'interactive_view_rate', 'engagement_rate', 'ctr'];

function overview(answers) {
  const [row] = answers.overview.rows;
  if (!row?.impressions) return [nothing('No view in this period with these filters. Once a page with the overlay is watched, and its events come in, figures appear here.')];
  const [left] = answers.machines.rows;
  const words = left?.machine_views > 0 ? [make('p', { class: 'quiet', id: 'machines-left-out' }, `${count(left.machine_views)} more views were of machines, and are in no figure but the last.`)] : [];
  return [tiles(answers.overview, row, TILES), ...words];
}

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
    const sold = currency && currency !== '(none)';
    const bars = rates({ ...answer, rows }, 'conversion', width, (row) => sold ? `${row.dimension}: ${money(row.revenue_per_view ?? 0, currency)} a view` : row.dimension);
    parts.push(make('h3', {}, sold ? `In ${currency}` : 'Without orders'), chart(bars));
  }
  return answer.rows.length ? [...parts, ...more(answer)] : [nothing()];
}

/** Who presents, and how long a segment is: bars in each currency. */
function hosts({ lengths, hosts: answer }, width, state, given) {
  if (!given.segments) return [missing('Who presents a segment, and how long it is, no event says.', 'segments', 'video,segment,host,length')];
  const parts = [answer, lengths].flatMap((figure) => [...Map.groupBy(figure.rows.filter((row) => row.currency !== '(none)'), (row) => row.currency)].flatMap(([currency, rows]) => {
    const bars = rates({ ...figure, rows }, 'conversion', width, (row) => `${row.dimension}: ${money(row.revenue_per_view ?? 0, currency)} a view`);
    return bars ? [make('h3', {}, `By ${figure.by}, in ${currency}`), bars] : [];
  }));
  return parts.length ? parts : [nothing('Nothing was sold by a segment in this period.')];
}

/** The figure's answer by the dimension of the page, if it has that; otherwise by `first`. */
const as = (figure, query = {}, first = '') => ({ figure, query, first });

export const SECTIONS = [
  { id: 'overview', title: 'Overview', asks: { machines: as('machines', { by: 'all' }), overview: as('overview', { by: 'all' }) }, draw: overview },
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
  { id: 'hosts', title: 'Hosts and lengths', asks: { lengths: as('hosts', { by: 'length' }), hosts: as('hosts', { by: 'host' }) }, draw: hosts },
  { id: 'experiments', title: 'Experiments', asks: { experiment: as('experiment') }, draw: experiments },
  { id: 'attribution', title: 'Attribution', asks: { attribution: as('attribution') }, draw: attribution },
  { id: 'forecast', title: 'Forecast', asks: { forecast: as('forecast', { by: '' }) }, draw: forecast },
  { id: 'return', title: 'Return', asks: { return: as('return', { by: '' }) }, draw: returns },
  { id: 'customers', title: 'Customers', asks: { customers_all: as('customers', { by: 'all' }), customers: as('customers') }, draw: customers },
  { id: 'cohorts', title: 'Cohorts by first video', asks: { cohorts: as('cohorts', { by: '' }) }, draw: cohorts },
  { id: 'campaigns', title: 'Campaigns', asks: { campaigns: as('campaigns', { by: '' }) }, draw: campaigns },
  { id: 'codes', title: 'Discount codes', asks: { codes: as('codes', { by: '' }) }, draw: codes },
  { id: 'influencers', title: 'Influencers', asks: { influencers: as('influencers', { by: '' }) }, draw: influencers },
  { id: 'polls', title: 'Satisfaction and recommendation', asks: { polls_all: as('polls', { by: 'all' }), polls: as('polls') }, draw: polls },
  { id: 'launch', title: 'Before and after a launch', asks: { launch: as('launch') }, draw: launch },
  { id: 'machines', title: 'Machines', asks: { machines: as('machines') }, draw: machines },
];

/** A figure that has no section of its own: its first rate as a chart, and its table. */
function plain({ figure }, width, state) {
  const columns = (kind) => figure.order.filter((name) => figure.kinds[name].kind === kind);
  const [rate] = columns('rate');
  const bars = rate && rates(figure, rate, width, named(...columns('text').slice(0, 3)));
  if (figure.rows.length === 0) return [...by(figure, state.by), nothing()];
  return [...by(figure, state.by), ...(bars ? [make('h3', {}, label(rate)), bars, ...more(figure)] : [make('p', { class: 'quiet' }, `${count(figure.rows.length)} rows, in the table.`)])];
}

/** Sections of the figures that no other one asks for, so that none is missing. */
export function rest(figures) {
  const known = new Set([...Film.FIGURES, ...SECTIONS.flatMap(({ asks = {} }) => Object.values(asks).map(({ figure }) => figure))]);
  return figures.filter(({ name }) => !known.has(name))
    .map(({ name, title }) => ({ id: `figure-${name}`, title, asks: { figure: as(name) }, draw: plain }));
}
