//! Envelopes: a single resource by its name, and pages of a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Admission, Event, Order, RosterRow, Section, Ticket};

/// A page of a list: its rows and the cursor of the next page.
pub trait Paged {
    /// What the page is of.
    type Item;

    /// The rows and, unless this is the last page, the cursor to ask for the next one with.
    ///
    /// The current service answers `after`, the documented form `cursor`; an empty string is an end.
    fn into_page(self) -> (Vec<Self::Item>, Option<String>);
}

macro_rules! envelope {
    ($(#[$doc:meta])* $name:ident, $field:ident: $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub struct $name {
            /// The resource.
            pub $field: $item,
        }
    };
}

macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $field:ident: $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub struct $name {
            /// The rows of this page.
            pub $field: Vec<$item>,
            /// Cursor of the page before, where there is one.
            #[serde(default)]
            pub before: Option<String>,
            /// Cursor of the page after, where there is one.
            #[serde(default)]
            pub after: Option<String>,
            /// The same as `after`, by its documented name.
            #[serde(default)]
            pub cursor: Option<String>,
            /// How many rows were asked for.
            #[serde(default)]
            pub limit: u32,
        }

        impl Paged for $name {
            type Item = $item;

            fn into_page(self) -> (Vec<$item>, Option<String>) {
                let full = |text: &String| !text.is_empty();
                let next = self.after.filter(full).or_else(|| self.cursor.filter(full));
                (self.$field, next)
            }
        }
    };
}

envelope!(/** `{"ticket": …}` */ TicketEnvelope, ticket: Ticket);
envelope!(/** `{"event": …}` */ EventEnvelope, event: Event);
envelope!(/** `{"admission": …}` */ AdmissionEnvelope, admission: Admission);
envelope!(/** `{"section": …}` */ SectionEnvelope, section: Section);
envelope!(/** `{"order": …}` */ OrderEnvelope, order: Order);
list!(/** `{"tickets": […], …}` */ TicketList, tickets: Ticket);
list!(/** `{"tickets": […], …}`, light rows. */ RosterList, tickets: RosterRow);
list!(/** `{"orders": […], …}` */ OrderList, orders: Order);
list!(/** `{"events": […], …}` */ EventList, events: Event);
list!(/** `{"admissions": […], …}` */ AdmissionList, admissions: Admission);
list!(/** `{"sections": […], …}` */ SectionList, sections: Section);

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"events": [], "after": "a", "before": null, "limit": 20}), Some("a"))]
    #[case(json!({"events": [], "cursor": "c"}), Some("c"))]
    #[case(json!({"events": [], "after": "a", "cursor": "c"}), Some("a"))]
    #[case(json!({"events": [], "after": "", "cursor": "c"}), Some("c"))]
    #[case(json!({"events": [], "after": null}), None)]
    #[case(json!({"events": [], "after": "", "cursor": ""}), None)]
    #[case(json!({"events": []}), None)]
    fn both_cursor_forms_are_read(#[case] body: serde_json::Value, #[case] next: Option<&str>) {
        let list: EventList = serde_json::from_value(body).unwrap();
        assert_eq!(list.into_page().1.as_deref(), next);
    }
}
