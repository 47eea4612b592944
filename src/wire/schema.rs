//! How the domain's types look on the wire, for whoever describes the shapes; the domain itself knows nothing of it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::domain::{
    AdmissionId, CustomerId, DeviceId, EventId, OrderId, PromoterId, ScanId, ScanKind, SectionId, TeamId, TicketId,
    TicketStatus, UserId,
};

/// A type whose schema is written out wherever it is used: it is too small for a name of its own.
macro_rules! inline_schema {
    ($($name:ident => $schema:expr),+ $(,)?) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )+};
}

inline_schema! {
    TicketId => id(TicketId::PREFIX),
    OrderId => id(OrderId::PREFIX),
    EventId => id(EventId::PREFIX),
    AdmissionId => id(AdmissionId::PREFIX),
    SectionId => id(SectionId::PREFIX),
    CustomerId => id(CustomerId::PREFIX),
    PromoterId => id(PromoterId::PREFIX),
    TeamId => id(TeamId::PREFIX),
    UserId => id(UserId::PREFIX),
    ScanId => json_schema!({"type": "string"}),
    DeviceId => json_schema!({"type": "string"}),
    TicketStatus => json_schema!({"type": "string", "enum": TicketStatus::ALL}),
    ScanKind => json_schema!({"type": "string", "enum": [ScanKind::CheckIn, ScanKind::CheckOut]}),
}

fn id(prefix: &str) -> Schema {
    json_schema!({"type": "string", "pattern": format!("^{prefix}_[0-9a-z]{{26}}$")})
}
