//! Who a token is.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `GET /users/me` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The user, unless the token is a machine's.
    #[serde(default)]
    pub user: Option<User>,
    /// Whether everything is allowed.
    #[serde(default)]
    pub is_admin: bool,
    /// One entry a team.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// `usr_…`
    pub id: String,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// Email address.
    #[serde(default)]
    pub email: String,
    /// Given name.
    #[serde(default)]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
}

/// A user's place in a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// `mbr_…`
    pub id: String,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// `tem_…`
    pub team_id: String,
    /// `usr_…`
    pub user_id: String,
    /// The user again.
    pub user: MemberUser,
    /// Dotted nodes such as `ticket.read`; what is unknown stays unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// Whether the team is the user's own.
    #[serde(default)]
    pub is_owner: bool,
    /// `tnt_…`
    #[serde(default)]
    pub tenant_id: String,
}

/// The user, as a team sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberUser {
    /// `usr_…`
    pub id: String,
    /// Email address.
    #[serde(default)]
    pub email: String,
    /// Given name.
    #[serde(default)]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
}
