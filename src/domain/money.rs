//! Prices, in the smallest unit of their currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SafeText;

/// What a tier costs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Price {
    /// The ticket itself, in the smallest unit (cents, pence, yen).
    pub base: i64,
    /// The booking fee on top, in the same unit.
    pub booking: i64,
    /// ISO 4217 code, such as `AUD`.
    pub currency: SafeText,
}

impl Price {
    /// What the guest paid: ticket and booking fee.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.base.saturating_add(self.booking)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        if total == 0 {
            return f.pad("free");
        }
        let decimals = minor_digits(&self.currency);
        let unit = 10_u64.pow(decimals);
        let sign = if total < 0 { "-" } else { "" };
        let (whole, part) = (total.unsigned_abs() / unit, total.unsigned_abs() % unit);
        let text = match decimals {
            0 => format!("{sign}{whole} {}", self.currency),
            _ => format!("{sign}{whole}.{part:0width$} {}", self.currency, width = decimals as usize),
        };
        f.pad(&text)
    }
}

/// Digits after the point, by ISO 4217; two for all that are not listed.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_read_as_their_currency_writes_them() {
        for (base, booking, currency, expected) in [
            (4_500, 250, "AUD", "47.50 AUD"),
            (5, 0, "GBP", "0.05 GBP"),
            (3_000, 0, "JPY", "3000 JPY"),
            (1_250, 1, "KWD", "1.251 KWD"),
            (-250, 0, "EUR", "-2.50 EUR"),
            (0, 0, "AUD", "free"),
        ] {
            assert_eq!(Price { base, booking, currency: currency.into() }.to_string(), expected);
        }
    }
}
