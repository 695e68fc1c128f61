// What a source of products makes of what it finds: texts, amounts, links and words, each as a hotspot file has them; undefined
// where it is not one.
import { decoded } from "../cart/text.js";

// As src/config/check.rs and src/cart.rs have them.
const LONGEST = 5000, DIGITS = 11;

export const text = (value) => {
  const said = typeof value == "number" && Number.isFinite(value) ? String(value) : typeof value == "string" ? decoded(value) : "";
  return said ? said.slice(0, LONGEST) : undefined;
};

// Of http and https alone, whatever it was relative to.
export const link = (value, base) => {
  try {
    const url = typeof value == "string" && value.trim() && new URL(value.trim(), base);
    return url && /^https?:$/.test(url.protocol) ? url.href.slice(0, LONGEST) : undefined;
  } catch {}
};

const places = {};
const digits = (currency) => {
  try {
    return places[currency] ??= new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  } catch {}
};

// `129.00 EUR` of an amount, or of an amount in so many decimals less, and an ISO 4217 code.
export const price = (amount, currency, decimals = 0) => {
  const code = String(currency ?? "").trim().toUpperCase(), said = String(amount ?? "").trim();
  // Thousands may be apart: 1,299.00.
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(said) ? said.replaceAll(",", "") : said;
  if (!/^[A-Z]{3}$/.test(code) || digits(code) == null || !/^\d{1,15}(\.\d+)?$/.test(plain)) return;
  // `1.299` may have meant a thousand times as much.
  if (digits(code) != 3 && /\.\d{3}$/.test(plain)) return;
  const value = Number(plain) / 10 ** decimals, written = value.toFixed(digits(code));
  // More decimals than the currency has are no price.
  return Math.abs(Number(written) - value) < 1e-9 && written.split(".")[0].length <= DIGITS ? `${written} ${code}` : undefined;
};

// A price as feeds have it, `129.00 EUR` or `EUR 129.00`.
export const written = (value) => {
  const [, before, amount, after] = String(value ?? "").trim().match(/^([A-Za-z]{3})?\s*([\d.,]+)\s*([A-Za-z]{3})?$/) || [];
  return price(amount, after || before);
};

// By the last part of the word: `https://schema.org/InStock`, `schema:InStock`, `in stock`, `in_stock`.
const AVAILABILITY = { instock: "in_stock", limitedavailability: "in_stock", onlineonly: "in_stock", outofstock: "out_of_stock", soldout: "out_of_stock", discontinued: "out_of_stock",
  instoreonly: "out_of_stock", reserved: "out_of_stock", preorder: "preorder", presale: "preorder", backorder: "backorder", madetoorder: "backorder" };
export const availability = (value) => typeof value == "string" ? AVAILABILITY[value.trim().replace(/^.*[/#:]/, "").replace(/[\s_-]/g, "").toLowerCase()] : undefined;

// Without what is not there.
export const full = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

// A regular price and one that is reduced, as long as it is.
export const prices = (regular, sale) => {
  const lower = regular && sale && regular.slice(-3) == sale.slice(-3) && parseFloat(sale) < parseFloat(regular);
  return full({ price: regular || sale, sale_price: lower ? sale : undefined });
};
