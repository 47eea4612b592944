//! `/openapi.json`, made from the tables that the input is checked with.

use serde_json::{Map, Value, json};

use super::auth::{Permission, Scope};
use super::input::{Default, Field, Kind, Shape};

/// One operation as the document tells it.
pub(crate) struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    fields: &'static [Field],
    /// Scopes, any of which will do; `None` is public.
    any_of: Option<&'static [Scope]>,
}

impl Operation {
    /// An operation that needs `P`.
    pub const fn new<T: Shape, P: Permission>(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { id, method, path, fields: T::FIELDS, any_of: Some(P::ANY_OF) }
    }

    /// An operation that everybody may use.
    pub const fn public<T: Shape>(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { id, method, path, fields: T::FIELDS, any_of: None }
    }

    fn is_in_path(&self, field: &Field) -> bool {
        self.path.contains(&format!("{{{}}}", field.name))
    }

    fn told(&self) -> Value {
        let has_body = self.method != "get";
        let (in_path, others): (Vec<_>, Vec<_>) = self.fields.iter().partition(|field| self.is_in_path(field));
        let mut parameters: Vec<_> = in_path.into_iter().map(|field| parameter(field, "path")).collect();
        parameters.push(json!({"$ref": "#/components/parameters/tenant"}));
        if !has_body {
            parameters.extend(others.iter().map(|field| parameter(field, "query")));
        }
        let mut told = json!({
            "operationId": self.id,
            "parameters": parameters,
            "responses": responses(),
            "security": self.any_of.map_or_else(|| json!([]), |_| json!([{"bearer": []}])),
        });
        if let Some(any_of) = self.any_of.filter(|any_of| !any_of.is_empty()) {
            let names: Vec<_> = any_of.iter().map(|scope| scope.as_str()).collect();
            told["description"] = json!(format!("Needs {} or FULL.", names.join(" or ")));
        }
        if has_body {
            let schema = object(&others, true);
            let required = others.iter().any(|field| field.required);
            told["requestBody"] = json!({"required": required, "content": {"application/json": {"schema": schema}}});
        }
        told
    }
}

/// The whole document.
pub(crate) fn document(operations: &[Operation]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = operation.told();
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "doorlist ticket service", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "parameters": {"tenant": {
                "name": "x-tenant-id", "in": "header", "required": true, "schema": {"type": "string", "minLength": 1},
            }},
            "schemas": {"Error": error()},
        },
    })
}

fn parameter(field: &Field, place: &str) -> Value {
    let mut told = json!({
        "name": field.name,
        "in": place,
        "required": field.required || place == "path",
        "schema": schema(field),
    });
    if matches!(field.kind, Kind::List { .. }) {
        told["explode"] = json!(true);
    }
    told
}

fn responses() -> Value {
    let failure = json!({
        "description": "A failure, in the shape that all failures have.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    });
    json!({
        "200": {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}},
        "4XX": failure, "5XX": failure,
    })
}

fn error() -> Value {
    json!({
        "type": "object",
        "required": ["defined", "code", "status", "message"],
        "properties": {
            "defined": {"type": "boolean"}, "code": {"type": "string"}, "status": {"type": "integer"},
            "message": {"type": "string"}, "data": {},
        },
    })
}

fn object(fields: &[&Field], strict: bool) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|field| (field.name.to_owned(), schema(field))).collect();
    let required: Vec<_> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": !strict})
}

fn schema(field: &Field) -> Value {
    let mut told = kind(&field.kind);
    match field.default {
        Some(Default::Integer(number)) => told["default"] = json!(number),
        Some(Default::Boolean(truth)) => told["default"] = json!(truth),
        None => {}
    }
    told
}

fn kind(kind_of: &Kind) -> Value {
    match kind_of {
        Kind::Text { min, max } => {
            let mut told = json!({"type": "string"});
            bounds(&mut told, "minLength", "maxLength", *min, *max);
            told
        }
        Kind::Id(prefix) => json!({"type": "string", "pattern": format!("^{prefix}_[0-9a-z]{{26}}$")}),
        Kind::Email => json!({"type": "string", "format": "email"}),
        Kind::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Number { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::List { of, min, max } => {
            let mut told = json!({"type": "array", "items": kind(of)});
            bounds(&mut told, "minItems", "maxItems", *min, *max);
            told
        }
        Kind::Object(fields) => object(&fields.iter().collect::<Vec<_>>(), true),
        Kind::Loose(fields) => object(&fields.iter().collect::<Vec<_>>(), false),
        Kind::Nullable(inner) => json!({"anyOf": [kind(inner), {"type": "null"}]}),
        Kind::Ignored => json!({"type": "object"}),
    }
}

fn bounds(told: &mut Value, least: &str, most: &str, min: usize, max: usize) {
    if min > 0 {
        told[least] = json!(min);
    }
    if max < usize::MAX {
        told[most] = json!(max);
    }
}
