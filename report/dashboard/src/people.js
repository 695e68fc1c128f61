// Who watches and buys: customers, cohorts, campaigns, discount codes and influencers; what viewers say.

import { amounts, measures, rates } from './charts.js';
import { by, chart, make, missing, more, named, nothing, tiles } from './page.js';
import { count, label, money, number, percent } from './words.js';

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

export function influencers({ influencers: answer }, width, state, given) {
  const parts = [];
  if (!given.influencers) parts.push(missing('Only links with campaign.medium influencer are known, and no codes.', 'influencers', 'influencer,source,campaign,code'));
  if (!given.costs) parts.push(missing('What influencers cost is not known.', 'costs', 'influencer,amount,currency'));
  const known = answer.rows.filter((row) => row.note == null && row.currency);
  for (const [currency, rows] of Map.groupBy(known, (row) => row.currency)) {
    const most = rows.toSorted((a, b) => b.revenue - a.revenue);
    const bars = most.slice(0, 12).map((row) => ({
      label: row.influencer, value: row.revenue, mark: row.cost > 0 ? row.cost : undefined,
      words: [`${money(row.revenue, currency)}, ${count(row.orders)} orders (${count(row.link_orders)} by link, ${count(row.code_orders)} by code alone)`,
        ...['cost_per_view', 'cost_per_lead', 'cost_per_order'].filter((name) => row[name] != null).map((name) => `${money(row[name], currency)} by ${name.replace('cost_per_', '')}`),
        row.roas == null ? '' : `ROAS ${percent(row.roas)}`].filter(Boolean).join(', '),
    }));
    parts.push(make('h3', {}, `In ${currency}`), chart(measures(bars, width, `Revenue in ${currency}; the line is the cost`)), ...more({ rows: most }));
  }
  const left = answer.rows.filter((row) => row.note != null);
  if (left.length) parts.push(make('h3', {}, `Left out: ${count(left.length)}`), make('ul', {}, ...left.map((row) => make('li', {}, make('b', {}, row.influencer), ` ${money(row.revenue, row.currency)} revenue: ${row.note}`))));
  return answer.rows.length ? parts : [...parts, nothing('Nobody came by a link of an influencer in this period.')];
}

const POLLS = ['csat', 'satisfaction_mean', 'satisfaction_answers', 'recommendation_answers'];

/** A recommendation score, with its interval and counts. */
const score = (row) => row.nps == null ? null
  : `${number(row.nps)} [${number(row.nps_low)} to ${number(row.nps_high)}]: ${count(row.promoters)} promoters, ${count(row.passives)} passives, ${count(row.detractors)} detractors`;

export function polls({ polls_all: all, polls: answer }, width, state) {
  const [row] = all.rows;
  if (!row) return [nothing('Nobody answered a poll in this period.')];
  const parts = [tiles(all, row, POLLS), make('p', {}, 'Recommendation (NPS): ', make('b', {}, score(row) ?? 'nobody was asked'), '.'), ...by(answer, state.by)];
  if (answer.by === 'all') return parts;
  const scored = answer.rows.filter((one) => one.nps != null);
  return [...parts, make('h3', {}, `Satisfied by ${answer.by}`), chart(rates(answer, 'csat', width, named('dimension'))),
    make('h3', {}, `Recommendation by ${answer.by}`), make('ul', {}, ...scored.slice(0, 12).map((one) => make('li', {}, make('b', {}, one.dimension), ` ${score(one)}`))), ...more({ rows: scored })];
}

/** A difference a day, with its interval. */
function change(row, name, words) {
  const [value, low, high] = [row[name], row[`${name}_low`], row[`${name}_high`]];
  return `${value > 0 ? '+' : ''}${words(value)} a day${low == null ? '' : ` [${words(low)} to ${words(high)}]`}`;
}

export function launch({ launch: answer }, width, state) {
  if (!state.launch) return [make('p', { class: 'quiet' }, 'Choose the day of a launch in the filters above: sales before it and from it on stand here.')];
  if (answer.rows.length === 0) return [...by(answer, state.by), nothing()];
  const parts = by(answer, state.by);
  for (const [currency, rows] of Map.groupBy(answer.rows, (row) => row.currency)) {
    const coins = (value) => money(value, currency);
    parts.push(make('h3', {}, `In ${currency}`), make('ul', {}, ...rows.slice(0, 12).map((row) => make('li', {},
      make('b', {}, row.dimension === 'all' ? 'All' : row.dimension),
      row.days === 0 ? ` ${row.note}` : ` ${coins(row.revenue_before)} in ${count(row.days)} days before, ${coins(row.revenue_after)} in ${count(row.days)} from it on: ${change(row, 'revenue_change', coins)}. Orders ${count(row.orders_before)} and ${count(row.orders_after)}: ${change(row, 'orders_change', number)}${row.note ? `; ${row.note}` : ''}.`))), ...more({ rows }));
  }
  return [...parts, make('p', { class: 'quiet' }, 'Not what the launch caused: other things changed meanwhile. Where the interval has 0 in it, it may be chance.')];
}

/** What the other figures leave out. */
export function machines({ machines: answer }, width, state) {
  const [row] = answer.rows;
  if (!row) return [nothing()];
  const parts = by(answer, state.by);
  if (answer.by === 'all') return [...parts, tiles(answer, row, ['machine_views', 'machine_view_share', 'machine_events', 'machine_event_share'])];
  return [...parts, make('h3', {}, `Views of machines by ${answer.by}`), chart(rates(answer, 'machine_view_share', width, named('dimension'))), ...more(answer)];
}
