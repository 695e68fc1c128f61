// Minor units as the decimal numbers that others count in. The currencies that have not two decimals are those of
// src/cart.rs, not Intl's: that knows how an amount is written, and gives HUF, COP, IDR and PKR none.
const NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", THREE = "BHD IQD JOD KWD LYD OMR TND", FOUR = "CLF UYW";

// Nothing without a currency: 1250 may be 12.50 or 1250.
export const major = (amount, currency) => typeof amount == "number" && /^[A-Z]{3}$/.test(currency)
  ? amount / 10 ** (NONE.includes(currency) ? 0 : THREE.includes(currency) ? 3 : FOUR.includes(currency) ? 4 : 2)
  : undefined;
