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
    /// It is not, or not all of it: the shop refused.
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
    /// The shop's cart has less of it than was asked for.
    Partial,
    /// The shop refused.
    Refused,
    /// Nobody on the page handles carts.
    Missing,
}

/// The currencies that have not two decimals: those without any, with three and with four.
const NOT_TWO: &[u8] =
    b"BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPFBHDIQDJODKWDLYDOMRTNDCLFUYW";
/// How many of them have none, and how many none or three.
const NO_DECIMALS: usize = 17;
const NO_OR_THREE: usize = 24;

/// Digits before the decimal point that [`Money::parse`] takes: with four decimals still exact in
/// an `f64`, so that no amount changes on its way through JavaScript.
const MOST_DIGITS: u32 = 11;

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
        for (place, code) in NOT_TWO.chunks_exact(3).enumerate() {
            if code == self.0 {
                return match place {
                    0..NO_DECIMALS => 0,
                    NO_DECIMALS..NO_OR_THREE => 3,
                    _ => 4,
                };
            }
        }
        2
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
        // How many digits may follow, and how many did since the start or the point.
        let (mut room, mut digits, mut point) = (MOST_DIGITS, 0, false);
        let mut minor: i64 = 0;
        for &byte in amount {
            if byte.is_ascii_digit() && digits < room {
                digits += 1;
                minor = minor * 10 + i64::from(byte - b'0');
            } else if byte == b'.' && digits > 0 && !point {
                (room, digits, point) = (exponent, 0, true);
            } else {
                return None;
            }
        }
        if digits == 0 {
            return None;
        }
        for _ in if point { digits } else { 0 }..exponent {
            minor *= 10;
        }
        Some(Money { minor, currency })
    }
}
