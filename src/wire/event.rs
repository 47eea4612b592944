//! Events, admissions (tiers) and sections.

use jiff::Timestamp;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::currency::CURRENCIES;
use super::ticket::Price;

/// An event, whole or as a row of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// RFC 3339 in UTC.
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    pub updated_at: Timestamp,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// For the public.
    pub description: String,
    /// Whether the operator of the service lets it be sold.
    #[schemars(extend("enum" = ["PENDING", "APPROVED", "REJECTED"]))]
    pub approval: String,
    /// Whether its last entry is over.
    #[schemars(extend("enum" = ["UPCOMING", "ENDED"]))]
    pub status: String,
    /// Who sees it.
    #[schemars(extend("enum" = ["PUBLIC", "PRIVATE", "SCHEDULED", "PASSCODE", "CANCELLED"]))]
    pub visibility: String,
    /// ISO 4217.
    #[schemars(extend("enum" = CURRENCIES))]
    pub currency: String,
    /// Doors open, wall-clock at the venue.
    pub entry_starts_at: DateTime,
    /// Last entry, wall-clock at the venue.
    pub entry_ends_at: DateTime,
    /// When it was or will be announced, wall-clock at the venue.
    pub publish_at: DateTime,
    /// Its pictures.
    pub images: Images,
    /// Where on Earth, coarsely.
    pub geohash: String,
    /// Where it is.
    pub location: Location,
    /// `tem_…`
    pub team_id: String,
    /// `pmt_…`
    pub promoter_id: String,
    /// Its sections; only where one event is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sections: Option<Vec<Section>>,
    /// Its tiers; only where one event is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admissions: Option<Vec<Admission>>,
    /// The lowest price; only in lists, where `null` means that nothing is on sale.
    #[serde(skip_serializing_if = "Option::is_none", with = "present")]
    #[schemars(with = "Option<Price>")]
    pub price: Option<Option<Price>>,
}

/// Tells a key with `null` from an absent key.
mod present {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(
        clippy::option_option,
        clippy::ref_option,
        reason = "serde calls it with a reference to the field, and absent, null and a value are three things on the wire"
    )]
    pub fn serialize<T: Serialize, S: Serializer>(value: &Option<Option<T>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(to)
    }

    #[expect(clippy::option_option, reason = "absent, null and a value are three things on the wire")]
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(from).map(Some)
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    /// `loc_…`
    pub id: String,
    /// RFC 3339 in UTC.
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    pub updated_at: Timestamp,
    /// The name of the place.
    pub name: String,
    /// Street address.
    pub address: String,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Country.
    pub country: String,
    /// Degrees, −90 to 90.
    pub latitude: f64,
    /// Degrees, −180 to 180.
    pub longitude: f64,
    /// IANA name.
    #[schemars(length(min = 1))]
    pub time_zone: String,
    /// Its id among Google's places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google_place_id: Option<String>,
    /// What kinds of place it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The pictures of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Images {
    /// For small screens.
    pub mobile: Image,
    /// For large ones.
    pub desktop: Image,
}

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// What it shows.
    pub alt: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// A tier.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Admission {
    /// `adm_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// One line more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// For the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many it holds; −1 is unlimited.
    pub capacity: i64,
    /// How many one order may hold; −1 is unlimited.
    pub limit: i64,
    /// How many are left; −1 is unlimited.
    pub available: i64,
    /// How many were sold.
    pub sold: i64,
    /// How many sit in open baskets.
    pub reserved: i64,
    /// Its place in the promoter's order.
    pub order: i64,
    /// RFC 3339 in UTC.
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    pub updated_at: Timestamp,
    /// From when it admits, wall-clock at the venue.
    pub entry_starts_at: DateTime,
    /// Until when it admits, wall-clock at the venue.
    pub entry_ends_at: DateTime,
    /// Sold from, wall-clock at the venue.
    pub sale_starts_at: DateTime,
    /// Sold until, wall-clock at the venue.
    pub sale_ends_at: DateTime,
    /// What the public reads when its sale is over.
    #[schemars(extend("enum" = ["SALE_ENDED", "SOLD_OUT", "DOOR"]))]
    pub sale_ends_behavior: String,
    /// What it costs.
    pub price: Price,
    /// When the public sees it.
    #[schemars(extend("enum" = ["ALWAYS", "HIDDEN", "AFTER_ADMISSION"]))]
    pub visibility: String,
    /// Where its tickets sit or stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_id: Option<String>,
    /// `tem_…`
    pub team_id: String,
    /// `pmt_…`
    pub promoter_id: String,
    /// `evt_…`
    pub event_id: String,
    /// The event's name in addresses.
    pub event_slug: String,
}

/// A section of the venue.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Section {
    /// `sct_…`
    pub id: String,
    /// RFC 3339 in UTC.
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    pub updated_at: Timestamp,
    /// Its name.
    pub name: String,
    /// How many it holds; −1 is unlimited.
    pub capacity: i64,
    /// How many one order may hold; −1 is unlimited.
    pub limit: i64,
    /// How many are left; −1 is unlimited.
    pub available: i64,
    /// How many were sold.
    pub sold: i64,
    /// How many sit in open baskets.
    pub reserved: i64,
    /// Its place in the promoter's order.
    pub order: i64,
    /// How the public sees it.
    #[schemars(extend("enum" = ["ALWAYS", "STACKED", "HIDDEN"]))]
    pub visibility: String,
    /// Where in the venue.
    pub location: Location,
    /// `tem_…`
    pub team_id: String,
    /// `pmt_…`
    pub promoter_id: String,
    /// `evt_…`
    pub event_id: String,
    /// The event's name in addresses.
    pub event_slug: String,
}
