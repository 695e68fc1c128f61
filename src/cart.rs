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
