// Charts: direct labels, one accent, intervals as whiskers.

import * as Plot from '@observablehq/plot';
import { evidence, percent, points } from './words.js';

/** Room beside the curves, so that a playhead knows where they are. */
export const LEFT = 44;
export const RIGHT = 16;
const ACCENT = 'var(--accent)';

/** Plot's own rules stand in main.css: the page's policy takes no style from within. */
function drawn(words, options) {
  const chart = Plot.plot({ style: { background: 'none', fontFamily: 'inherit', fontSize: '12px' }, ...options });
  chart.querySelectorAll('style').forEach((style) => style.remove());
  // The whole chart has a name; its groups have no role that could carry one.
  chart.querySelectorAll('[aria-label]').forEach((group) => group.removeAttribute('aria-label'));
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', words);
  return chart;
}

const BARS = 12;

/** Words in lines of so many letters. */
function wrapped(words, letters) {
  const lines = [''];
  for (const word of words.split(' ')) {
    if (lines.at(-1).length + word.length >= letters) lines.push(word);
    else lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}

/** What stands above a bar: on a phone its numbers take lines of their own. */
function above(width, bars) {
  const narrow = width < 560;
  const lines = new Map(bars.map((bar) => [bar, wrapped(bar.words, width / 6.6)]));
  const more = 15 * (narrow ? Math.max(0, ...[...lines.values()].map((of) => of.length - 1)) : 0);
  const [high, mark] = narrow ? [56 + more, 36 + more] : [40, 18];
  return {
    high,
    bar: { insetTop: mark, insetBottom: 2 },
    middle: mark / 2 - 1,
    text: (bar) => narrow ? [bar.label, ...lines.get(bar)].join('\n') : `${bar.label}   ${bar.words}`,
    dy: (mark - high) / 2 + (narrow ? 6 : 1),
  };
}

/** Rates as bars, each with its interval and counts. */
export function rates(answer, name, width, labelOf) {
  const rows = answer.rows.filter((row) => row[name] != null).slice(0, BARS)
    .map((row) => ({ label: labelOf(row), value: row[name], low: row[`${name}_low`], high: row[`${name}_high`], words: `${percent(row[name])} ${evidence(answer, row, name)}` }));
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map((row) => row.high ?? row.value), 1e-6);
  const place = above(width, rows);
  const marks = [
    Plot.barX(rows, { y: 'label', x: 'value', fill: ACCENT, fillOpacity: 0.35, ...place.bar }),
    Plot.ruleY(rows, { y: 'label', x1: 'low', x2: 'high', dy: place.middle, stroke: 'currentColor', strokeWidth: 1.5 }),
    Plot.text(rows, { y: 'label', x: 0, text: place.text, textAnchor: 'start', dy: place.dy, lineWidth: Infinity }),
  ];
  return drawn(`${answer.title}: ${rows.map((row) => `${row.label} ${row.words}`).join('; ')}`, {
    width, height: rows.length * place.high + 30, marginLeft: 2, marginRight: 8, marginTop: 4, marginBottom: 24,
    x: { domain: [0, most], tickFormat: (rate) => `${+(rate * 100).toFixed(2)} %`, ticks: 4, label: null },
    y: { axis: null, domain: rows.map((row) => row.label), padding: 0.05 }, marks,
  });
}

/** A rate over the video's time, with the band of its interval. */
export function curve({ rows, at, name, step, length, width, title, notes = [] }) {
  const points = rows.filter((row) => row[name] != null).map((row) => ({ x: row[at], y: row[name], low: row[`${name}_low`], high: row[`${name}_high`] }));
  const last = points.at(-1);
  // The last point lasts as long as the others.
  if (last) points.push({ ...last, x: Math.min(last.x + step, length) });
  const most = Math.max(...points.map((point) => point.high ?? point.y), 1e-6);
  const said = notes.map((note) => `; ${note.words}`).join('');
  return drawn(`${title}, ${points.length ? `from ${percent(points[0].y)} to ${percent(last.y)}` : 'nothing is known'}${said}`, {
    width, height: 130, marginLeft: LEFT, marginRight: RIGHT, marginTop: 20, marginBottom: 22,
    x: { domain: [0, length], label: null, tickFormat: (second) => `${Math.floor(second / 60)}:${String(Math.round(second % 60)).padStart(2, '0')}`, ticks: Math.max(2, Math.round(width / 110)) },
    y: { domain: [0, most], label: null, tickFormat: (rate) => `${+(rate * 100).toFixed(1)} %`, ticks: 3, grid: true },
    marks: [
      Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: ACCENT, fillOpacity: 0.18, curve: 'step-after' }),
      Plot.lineY(points, { x: 'x', y: 'y', stroke: ACCENT, strokeWidth: 1.75, curve: 'step-after' }),
      ...notes.map((note) => Plot.ruleX([note], { x: 'second', stroke: 'currentColor', strokeDasharray: '4 3', className: 'note' })),
      // Beside its line, on the side that has room.
      ...notes.map((note) => {
        const left = note.second > length / 2;
        return Plot.text([note], { x: 'second', frameAnchor: 'top', text: 'words', textAnchor: left ? 'end' : 'start', dx: left ? -5 : 5, dy: -16 });
      }),
      Plot.text([title], { frameAnchor: 'top-left', dy: -16, fontWeight: 600, text: (words) => words }),
    ],
  });
}

/** Amounts of one currency as bars. */
export function amounts(rows, name, width, { title, labelOf, words }) {
  const bars = rows.filter((row) => row[name] > 0).slice(0, BARS).map((row) => ({ label: labelOf(row), value: row[name], words: words(row) }));
  if (bars.length === 0) return null;
  const place = above(width, bars);
  return drawn(`${title}: ${bars.map((bar) => `${bar.label} ${bar.words}`).join('; ')}`, {
    width, height: bars.length * place.high + 8, marginLeft: 2, marginRight: 8, marginTop: 4, marginBottom: 4,
    x: { axis: null }, y: { axis: null, domain: bars.map((bar) => bar.label), padding: 0.05 },
    marks: [
      Plot.barX(bars, { y: 'label', x: 'value', fill: ACCENT, fillOpacity: 0.35, ...place.bar }),
      Plot.text(bars, { y: 'label', x: 0, text: place.text, textAnchor: 'start', dy: place.dy, lineWidth: Infinity }),
    ],
  });
}

const span = (rows, ...names) => names.flatMap((name) => rows.map((row) => row[name])).filter((value) => value != null);

/** Differences of rates with two intervals: of one look (thick), and of any number of looks (thin). */
export function differences(rows, width, title) {
  const most = Math.max(0.001, ...span(rows, 'low', 'high').map(Math.abs));
  // Of few viewers the wide interval is everything: it ends with the picture.
  const within = (value) => Math.max(-most, Math.min(most, value));
  const bars = rows.map((row) => ({ ...row, from: within(row.always_low ?? row.low), to: within(row.always_high ?? row.high) }));
  const place = above(width, bars);
  return drawn(`${title}: ${rows.map((row) => `${row.label} ${row.words}`).join('; ')}`, {
    width, height: rows.length * place.high + 38, marginLeft: 8, marginRight: 8, marginTop: 4, marginBottom: 34,
    x: { domain: [-most, most], ticks: 5, tickPadding: 8, tickSize: 0, label: null, tickFormat: (share) => points(share) },
    y: { type: 'band', axis: null, domain: rows.map((row) => row.label), padding: 0.05 },
    marks: [
      Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.5 }),
      Plot.ruleY(bars, { y: 'label', x1: 'from', x2: 'to', dy: place.middle, stroke: 'currentColor', strokeWidth: 1 }),
      Plot.ruleY(bars, { y: 'label', x1: 'low', x2: 'high', dy: place.middle, stroke: ACCENT, strokeWidth: 5, strokeOpacity: 0.5 }),
      Plot.dot(bars, { y: 'label', x: 'value', dy: place.middle, r: 4, fill: ACCENT }),
      Plot.text(bars, { y: 'label', frameAnchor: 'left', text: place.text, textAnchor: 'start', dy: place.dy, lineWidth: Infinity }),
    ],
  });
}

/** Numbers as bars: with an interval (`low`, `high`), or with what they are held to (`mark`). */
export function measures(rows, width, title) {
  if (rows.length === 0) return null;
  const place = above(width, rows);
  const most = Math.max(1e-6, ...span(rows, 'value', 'high', 'mark'));
  return drawn(`${title}: ${rows.map((row) => `${row.label} ${row.words}`).join('; ')}`, {
    width, height: rows.length * place.high + 8, marginLeft: 2, marginRight: 8, marginTop: 4, marginBottom: 4,
    x: { axis: null, domain: [0, most] }, y: { axis: null, domain: rows.map((row) => row.label), padding: 0.05 },
    marks: [
      Plot.barX(rows, { y: 'label', x: 'value', fill: ACCENT, fillOpacity: 0.35, ...place.bar }),
      Plot.ruleY(rows.filter((row) => row.high != null), { y: 'label', x1: 'low', x2: 'high', dy: place.middle, stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.tickX(rows.filter((row) => row.mark != null), { y: 'label', x: 'mark', stroke: 'currentColor', strokeWidth: 2.5, ...place.bar }),
      Plot.text(rows, { y: 'label', frameAnchor: 'left', text: place.text, textAnchor: 'start', dy: place.dy, lineWidth: Infinity }),
    ],
  });
}
