//! Money, and the outcome of what a viewer asks of the shop's cart.

/// An amount in integer minor units (cents for EUR, yen for JPY) and its ISO 4217 currency.
/// Amounts in different currencies are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Minor units: `12900` for 129.00 EUR, `129` for 129 JPY, `129000` for 129.000 KWD.
    pub minor: i64,
    /// The currency of `minor`.
    pub currency: Currency,
}

/// An ISO 4217 alphabetic code in upper-case ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency(pub [u8; 3]);

/// How far what the viewer asked of the cart has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CartState {
    /// Nothing was asked yet.
    #[default]
    Idle,
    /// The shop has not answered yet.
    Pending {
        /// Which request; a late answer to an older one is ignored.
        request: u32,
    },
    /// It is in the cart.
    Added,
    /// It is not: the shop refused.
    Refused {
        /// Which of the page's own words say why; 0 for none.
        note: u32,
    },
    /// It is not: nobody on the page handles carts.
    Missing,
}

/// The shop's answer to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The shop's cart has it.
    Confirmed {
        /// The answer says where to pay.
        checkout: bool,
    },
    /// The page took the request over (`preventDefault()`) and says no more about it.
    HandedOver,
    /// The shop refused.
    Refused,
    /// Nobody on the page handles carts.
    Missing,
}

/// Currencies whose minor unit is the unit itself, then those with three and four decimals.
const NO_DECIMALS: &[u8] = b"BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF";
const THREE_DECIMALS: &[u8] = b"BHDIQDJODKWDLYDOMRTND";
const FOUR_DECIMALS: &[u8] = b"CLFUYW";

/// Digits before the decimal point that [`Money::parse`] takes: with four decimals still exact in
/// an `f64`, so that no amount changes on its way through JavaScript.
const MOST_DIGITS: usize = 11;

impl Currency {
    /// The currency of a code like `EUR`: three upper-case ASCII letters, known or not.
    pub fn parse(code: &str) -> Option<Currency> {
        Currency::from_bytes(code.as_bytes().try_into().ok()?)
    }

    fn from_bytes(code: [u8; 3]) -> Option<Currency> {
        let fits = code.iter().all(u8::is_ascii_uppercase);
        fits.then_some(Currency(code))
    }

    /// How many decimals ISO 4217 gives the currency: 2 unless it is one of the others.
    pub fn exponent(self) -> u32 {
        let within = |list: &[u8]| list.chunks_exact(3).any(|code| code == self.0);
        if within(NO_DECIMALS) {
            0
        } else if within(THREE_DECIMALS) {
            3
        } else if within(FOUR_DECIMALS) {
            4
        } else {
            2
        }
    }

    /// The code as text; empty if it is not one.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Money {
    /// An amount as in a Google Merchant feed: `129.00 EUR`, `129 JPY`. `None` for a sign, a comma,
    /// an amount of more than eleven digits, or more decimals than the currency has (`129.000 EUR` may
    /// have meant a thousand times as much).
    pub fn parse(text: &str) -> Option<Money> {
        let (amount, &[b' ', a, b, c]) = text.as_bytes().split_last_chunk()? else {
            return None;
        };
        let currency = Currency::from_bytes([a, b, c])?;
        let exponent = currency.exponent();
        // Digits before the point, and after it once there is one.
        let (mut whole, mut decimals) = (0, None);
        let mut minor: i64 = 0;
        for &byte in amount {
            match (byte, &mut decimals) {
                (b'0'..=b'9', None) if whole < MOST_DIGITS => whole += 1,
                (b'0'..=b'9', Some(count)) if *count < exponent => *count += 1,
                (b'.', None) => {
                    decimals = Some(0);
                    continue;
                }
                _ => return None,
            }
            minor = minor * 10 + i64::from(byte - b'0');
        }
        if whole == 0 || decimals == Some(0) {
            return None;
        }
        for _ in decimals.unwrap_or_default()..exponent {
            minor *= 10;
        }
        Some(Money { minor, currency })
    }
}
