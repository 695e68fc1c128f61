// Texts and amounts of shops.

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", hellip: "…", ndash: "–", mdash: "—", lsquo: "‘", rsquo: "’", sbquo: "‚", ldquo: "“",
  rdquo: "”", bdquo: "„", laquo: "«", raquo: "»", times: "×", euro: "€", pound: "£", yen: "¥", cent: "¢", copy: "©", reg: "®", trade: "™", deg: "°", auml: "ä", ouml: "ö",
  uuml: "ü", Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß", eacute: "é", egrave: "è", agrave: "à", ccedil: "ç", ecirc: "ê", ntilde: "ñ", oacute: "ó", aacute: "á", iacute: "í" };

// What HTML says, as text: tags go first, then each entity is read once, so that `&amp;lt;` is `&lt;`. No parser of the browser's: a strict page forbids it.
export const decoded = (html) => html.replace(/<\/?[a-z!][^>]*>/gi, "").replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/gi, (all, decimal, hex, name) => {
  const code = decimal ? +decimal : hex ? parseInt(hex, 16) : 0;
  return code ? code <= 0x10ffff ? String.fromCodePoint(code) : all : Object.hasOwn(NAMED, name) ? NAMED[name] : all;
}).replace(/\s+/g, " ").trim();

// How many decimals ISO 4217 gives a currency.
const digits = (currency) => {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  } catch {
    return 2;
  }
};

// Minor units of an amount that has so many decimals less.
export const minor = (amount, currency, decimals = 0) => {
  const units = Math.round(amount * 10 ** (digits(currency) - decimals));
  return Number.isFinite(units) ? units : undefined;
};

// A value by its JSON Pointer (RFC 6901); undefined where there is none.
export const at = (value, pointer) => {
  if (typeof pointer != "string" || pointer && pointer[0] != "/") return;
  for (const key of pointer.split("/").slice(1)) {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    if (value === null || typeof value != "object" || !Object.hasOwn(value, name)) return;
    value = value[name];
  }
  return value;
};

// Fills `{{a.b}}` in. A text that is nothing but one placeholder becomes what it stands for, a number say.
export const filled = (value, data, write = String) => {
  const find = (path) => path.split(".").reduce((one, key) => one !== null && typeof one == "object" && Object.hasOwn(one, key) ? one[key] : undefined, data);
  if (typeof value == "string") {
    const whole = write == String && value.match(/^\{\{\s*([\w.]+)\s*\}\}$/);
    return whole ? find(whole[1]) ?? null : value.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, path) => write(find(path) ?? ""));
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, data));
  return value && typeof value == "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, data)])) : value;
};
