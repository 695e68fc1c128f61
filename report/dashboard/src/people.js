// Who watches and buys: customers, cohorts, campaigns and discount codes.

import { amounts, rates } from './charts.js';
import { by, chart, make, more, named, nothing, tiles } from './page.js';
import { count, label, money } from './words.js';

const TILES = ['viewers', 'returning_rate', 'buyer_rate', 'repeat_rate', 'orders', 'lost_viewers'];

export function customers({ customers_all: all, customers: answer }, width, state) {
  const [row] = all.rows;
  if (!row?.viewers) return [nothing()];
  const parts = [tiles(all, row, TILES), ...by(answer, state.by)];
  if (answer.by === 'all') return parts;
  return [...parts, make('h3', {}, `Buyers by ${answer.by}`), chart(rates(answer, 'buyer_rate', width, named('dimension'))), ...more(answer)];
}

/** A chart of money for each currency. */
function byCurrency(answer, name, width, { title, labelOf, words }) {
  const parts = [];
  for (const [currency, rows] of Map.groupBy(answer.rows.filter((row) => row.currency), (row) => row.currency)) {
    const most = rows.toSorted((a, b) => b[name] - a[name]);
    const bars = amounts(most, name, width, { title: `${title} in ${currency}`, labelOf, words });
    if (bars) parts.push(make('h3', {}, `${title} in ${currency}`), bars, ...more({ rows: most.filter((row) => row[name] > 0) }));
  }
  return parts;
}

export function cohorts({ cohorts: answer }, width) {
  if (answer.rows.length === 0) return [nothing()];
  const drawn = byCurrency(answer, 'revenue_per_viewer', width, {
    title: 'Revenue per viewer to date', labelOf: (row) => row.first_video,
    words: (row) => `${money(row.revenue_per_viewer, row.currency)}: ${count(row.buyers)} of ${count(row.viewers)} bought; seen for ${count(row.observed_days)} days`,
  });
  const censored = make('p', { class: 'quiet' }, 'To date: who came late had less time to buy. Compare videos only where the days are alike.');
  return drawn.length ? [...drawn, censored] : [nothing('Nobody who began in this period has bought yet.')];
}

const place = named('campaign', 'source');

export function campaigns({ campaigns: answer }, width) {
  if (answer.rows.length === 0) return [nothing()];
  // Views stand beside each currency; each campaign is shown once.
  const once = { ...answer, rows: [...Map.groupBy(answer.rows, place).values()].map(([first]) => first) };
  const parts = ['ctr', 'lead_rate'].flatMap((name) => {
    const bars = once.rows.some((row) => row[name] > 0) && rates(once, name, width, place);
    return bars ? [make('h3', {}, name === 'ctr' ? label(name) : 'Leads'), bars, ...more(once)] : [];
  });
  return [...parts, ...byCurrency(answer, 'revenue', width, {
    title: 'Revenue', labelOf: place, words: (row) => `${money(row.revenue, row.currency)}, ${count(row.orders)} orders`,
  })];
}

export function codes({ codes: answer }, width) {
  const drawn = byCurrency(answer, 'revenue', width, {
    title: 'Revenue', labelOf: (row) => row.code,
    words: (row) => `${money(row.revenue, row.currency)}: ${count(row.orders)} orders, ${count(row.caused_orders)} of them after a touch in a video`,
  });
  return drawn.length ? drawn : [nothing('No order had a discount code in this period.')];
}
