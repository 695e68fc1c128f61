// Numbers as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const two = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

export const count = (number) => whole.format(number);
export const percent = (rate) => `${(rate * 100).toFixed(1)} %`;
/** A difference of rates: `+3.1`, in points. */
export const points = (share) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${+Math.abs(share * 100).toFixed(1)}`;
export const number = (value) => two.format(value);
export const label = (name) => name.replaceAll('_', ' ').replace(/\b(h?ctr|roi|roas|csat|nps)\b/, (short) => short.toUpperCase());

/** `1:07` */
export function clock(seconds) {
  const at = Math.max(0, Math.floor(seconds));
  return `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
}

export function duration(seconds) {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 6000) return `${clock(seconds)} min`;
  return `${whole.format(seconds / 3600)} h`;
}

/** Minor units of a currency. */
export function money(minor, currency) {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
    return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${two.format(minor / 100)} ${currency ?? ''}`.trim();
  }
}

/** A rate's interval and counts: `[3.1–5.5], 42 of 1,000`. */
export function evidence(answer, row, name) {
  const { part, whole: of } = answer.kinds[name];
  const [low, high] = [row[`${name}_low`], row[`${name}_high`]];
  const ends = low == null ? '' : `[${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}], `;
  return `${ends}${count(row[part] ?? 0)} of ${count(row[of] ?? 0)}`;
}

/** A cell, as its column says. */
export function cell(answer, row, name) {
  const value = row[name];
  if (value == null) return '–';
  switch (answer.kinds[name]?.kind) {
    case 'rate': return `${percent(value)} ${evidence(answer, row, name)}`;
    case 'money': return money(value, row.currency);
    case 'seconds': return duration(value);
    case 'ms': return duration(value / 1000);
    case 'count': return count(value);
    case 'number': return two.format(value);
    default: return typeof value === 'number' ? two.format(value) : String(value);
  }
}
