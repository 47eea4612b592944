//! `/openapi.json`, made from what the operations are served with: their handlers' own inputs, answers and guards.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::auth::{Access, Scope};
use super::input::{Default, Field, Kind};
use crate::wire::{ErrorBody, TransitionRefusal, ValidationErrors};

/// Where the shapes of answers stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// One operation as it is served.
pub(crate) struct Operation {
    /// The contract's name for it.
    pub id: &'static str,
    /// In small letters, as the document has it.
    pub method: String,
    /// With its parameters in braces.
    pub path: &'static str,
    /// What it takes, the parameters of the path among it.
    pub fields: &'static [Field],
    /// Who may.
    pub access: Access,
}

/// The document while operations are added.
pub(crate) struct Document {
    paths: Map<String, Value>,
    shapes: SchemaGenerator,
}

impl Document {
    pub fn new() -> Self {
        // What a client may leave out is no concern of an answer, which the service writes whole.
        let without_defaults = RecursiveTransform(|schema: &mut Schema| {
            schema.remove("default");
        });
        let settings = SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|settings| {
                settings.definitions_path = SCHEMAS.into();
                settings.meta_schema = None;
            })
            .with_transform(without_defaults);
        Self { paths: Map::new(), shapes: settings.into_generator() }
    }

    /// Tells of an operation that answers with a `T`.
    pub fn add<T: JsonSchema>(&mut self, operation: &Operation) {
        let answer = self.shapes.subschema_for::<T>();
        let path = self.paths.entry(operation.path).or_insert_with(|| json!({}));
        path[&operation.method] = operation.told(&answer);
    }

    /// The whole document.
    pub fn finish(mut self) -> Value {
        let responses = failures(&mut self.shapes);
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "doorlist ticket service",
                "version": env!("CARGO_PKG_VERSION"),
                "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
            },
            "servers": [{"url": "/"}],
            "paths": self.paths,
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
                "parameters": {"tenant": {
                    "name": "x-tenant-id", "in": "header", "required": true,
                    "schema": {"type": "string", "minLength": 1},
                }},
                "responses": responses,
                "schemas": self.shapes.take_definitions(true),
            },
        })
    }
}

impl Operation {
    fn has_body(&self) -> bool {
        self.method != "get"
    }

    fn is_in_path(&self, field: &Field) -> bool {
        self.path.contains(&format!("{{{}}}", field.name))
    }

    fn told(&self, answer: &Schema) -> Value {
        let (in_path, others): (Vec<_>, Vec<_>) = self.fields.iter().partition(|field| self.is_in_path(field));
        let mut parameters: Vec<_> = in_path.into_iter().map(|field| parameter(field, "path")).collect();
        parameters.push(json!({"$ref": "#/components/parameters/tenant"}));
        if !self.has_body() {
            parameters.extend(others.iter().map(|field| parameter(field, "query")));
        }
        let mut told = json!({
            "operationId": self.id,
            "parameters": parameters,
            "responses": self.responses(answer),
            "security": security(self.access),
        });
        if self.has_body() {
            let required = others.iter().any(|field| field.required);
            let schema = object(&others, true);
            told["requestBody"] = json!({"required": required, "content": {"application/json": {"schema": schema}}});
        }
        told
    }

    fn responses(&self, answer: &Schema) -> Value {
        let mut told = json!({"200": {"description": "Done.", "content": {"application/json": {"schema": answer}}}});
        let has_key = self.fields.iter().any(|field| field.name == "idempotencyKey");
        for failure in FAILURES {
            let possible = match failure.status {
                // A list of what is not there is empty.
                "404" => self.has_body() || self.path.contains('{'),
                "409" => has_key,
                "413" => self.has_body(),
                _ => true,
            };
            if possible {
                told[failure.status] = json!({"$ref": format!("#/components/responses/{}", failure.name)});
            }
        }
        told
    }
}

/// Any one of the alternatives will do; an empty one is for everybody.
fn security(access: Access) -> Value {
    let (scopes, open) = match access {
        Access::Public => return json!([]),
        Access::Token([]) => return json!([{"bearer": []}]),
        Access::Token(scopes) => (scopes, false),
        Access::TokenOrSignature(scopes) => (scopes, true),
    };
    let with = |scope: &Scope| json!({"bearer": [scope.as_str()]});
    let bearers = scopes.iter().chain([&Scope::Full]).map(with);
    bearers.chain(open.then(|| json!({}))).collect()
}

/// One row of the contract's table of errors.
struct Failure {
    status: &'static str,
    name: &'static str,
    when: &'static str,
    /// What `data` holds, and whether it is always there.
    data: Option<(Shape, bool)>,
}

type Shape = fn(&mut SchemaGenerator) -> Schema;

const FAILURES: &[Failure] = &[
    Failure {
        status: "400",
        name: "BadRequest",
        when: "Bad input, or a refused transition; where a rule of the door refused, `data` says which.",
        data: Some((|shapes| shapes.subschema_for::<TransitionRefusal>(), false)),
    },
    failure("401", "Unauthorized", "No token, or one that is expired or false."),
    failure("403", "Forbidden", "The token lacks the permission, or the signature does not fit."),
    failure("404", "NotFound", "No such resource in this tenant."),
    failure("409", "Conflict", "The idempotency key was used for something else."),
    failure("413", "PayloadTooLarge", "The body has more than 256 KiB."),
    Failure {
        status: "422",
        name: "InputValidationFailed",
        when: "The input does not fit the schema.",
        data: Some((|shapes| shapes.subschema_for::<ValidationErrors>(), true)),
    },
    failure("429", "TooManyRequests", "The token asked too often; only where the service limits it."),
    failure("500", "InternalServerError", "The service's own fault."),
];

const fn failure(status: &'static str, name: &'static str, when: &'static str) -> Failure {
    Failure { status, name, when, data: None }
}

fn failures(shapes: &mut SchemaGenerator) -> Map<String, Value> {
    let error = shapes.subschema_for::<ErrorBody>();
    let mut told = Map::new();
    for failure in FAILURES {
        let mut more = json!({"properties": {"status": {"const": failure.status.parse::<u16>().unwrap_or_default()}}});
        if let Some((shape, always)) = failure.data {
            more["properties"]["data"] = shape(shapes).to_value();
            more["required"] = if always { json!(["data"]) } else { json!([]) };
        }
        let mut response = json!({
            "description": failure.when,
            "content": {"application/json": {"schema": {"allOf": [error, more]}}},
        });
        if failure.status == "429" {
            let seconds = json!({"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}});
            response["headers"] = json!({"Retry-After": seconds});
        }
        told.insert(failure.name.to_owned(), response);
    }
    told
}

fn parameter(field: &Field, place: &str) -> Value {
    let mut told = json!({
        "name": field.name,
        "in": place,
        "required": field.required || place == "path",
        "schema": schema(field),
    });
    match field.kind {
        // OpenAPI has no style for the brackets that the contract writes a list of objects in.
        Kind::List { of: Kind::Object(_), .. } => {
            let schema = told["schema"].take();
            told["content"] = json!({"application/json": {"schema": schema}});
            told["description"] = json!(format!("As JSON, or in brackets: `{}[0][field]=…`.", field.name));
            if let Some(told) = told.as_object_mut() {
                told.remove("schema");
            }
        }
        Kind::List { .. } => told["explode"] = json!(true),
        Kind::Text { min: 0, .. } if place == "path" => told["schema"]["minLength"] = json!(1),
        _ => {}
    }
    told
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
        Some(Default::Word(word)) => told["default"] = json!(word),
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
        Kind::Email => json!({"type": "string", "format": "email", "pattern": super::input::EMAIL}),
        Kind::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Number { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
        Kind::Positive { max } => json!({"type": "number", "exclusiveMinimum": 0, "maximum": max}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::List { of, min, max } => {
            let mut told = json!({"type": "array", "items": kind(of)});
            bounds(&mut told, "minItems", "maxItems", *min, *max);
            told
        }
        Kind::Object(fields) => object(&fields.iter().collect::<Vec<_>>(), false),
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
