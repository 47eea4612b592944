//! A request read back as the one input that the contract's schemas speak of: path, query and body together.

use reqwest::Request;
use serde_json::{Map, Number, Value, json};

use super::schemas::{input, property, route};

/// The input that a request carries; `None` where its body is no JSON object, so that there is no input to speak of.
pub fn input_of(operation: &str, request: &Request) -> Option<Value> {
    let mut fields = match request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default() {
        [] => query(operation, request),
        body => match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            _ => return None,
        },
    };
    for (name, value) in parameters(operation, request.url().path()) {
        let said_twice = fields.remove(&name).filter(|other| *other != value);
        // Twice the same field with two values is no text, whatever the schema says of it.
        fields.insert(name, said_twice.map_or(value.clone(), |other| json!([value, other])));
    }
    Some(Value::Object(fields))
}

/// The path's parameters, by name.
fn parameters(operation: &str, path: &str) -> Vec<(String, Value)> {
    let pattern: Vec<_> = route(operation).1.split('/').collect();
    let parts: Vec<_> = path.split('/').collect();
    assert_eq!(pattern.len(), parts.len(), "{path} is no path of {operation}");
    let name = |pattern: &str| pattern.strip_prefix('{')?.strip_suffix('}').map(str::to_owned);
    let mut found = Vec::new();
    for (pattern, part) in pattern.into_iter().zip(parts) {
        match name(pattern) {
            Some(name) => found.push((name, json!(part))),
            None => assert_eq!(pattern, part, "{path} is no path of {operation}"),
        }
    }
    found
}

/// The query as a tree of text, its leaves read as what the schema means by them.
fn query(operation: &str, request: &Request) -> Map<String, Value> {
    let mut tree = Value::Object(Map::new());
    for (key, value) in request.url().query_pairs() {
        let path: Vec<_> = key.split('[').map(|part| part.trim_end_matches(']')).collect();
        insert(&mut tree, &path, json!(value));
    }
    let Value::Object(tree) = tree else { panic!("a query is an object") };
    tree.into_iter().map(|(name, value)| (name.clone(), meant(property(input(operation), &name), value))).collect()
}

fn insert(tree: &mut Value, path: &[&str], value: Value) {
    match (path, &mut *tree) {
        ([], Value::Null) => *tree = value,
        ([] | [""], Value::Array(values)) => values.push(value),
        ([], _) => *tree = json!([tree.take(), value]),
        ([""], _) => *tree = json!([value]),
        ([first, rest @ ..], _) => insert(&mut tree[*first], rest, value),
    }
}

/// `"20"` as the integer 20 where the schema wants a number, `{"0": "x"}` as a list where it wants one.
fn meant(schema: &'static Value, given: Value) -> Value {
    match (schema["type"].as_str(), given) {
        (Some("array"), Value::Object(indexed)) => {
            indexed.into_values().map(|item| meant(&schema["items"], item)).collect()
        }
        (Some("array"), Value::Array(items)) => items.into_iter().map(|item| meant(&schema["items"], item)).collect(),
        (Some("array"), Value::String(one)) => json!([one]),
        (Some("object"), Value::Object(fields)) => {
            let field = |(name, value): (String, Value)| (name.clone(), meant(property(schema, &name), value));
            Value::Object(fields.into_iter().map(field).collect())
        }
        (Some("integer" | "number"), Value::String(text)) => {
            serde_json::from_str::<Number>(&text).map_or(json!(text), Value::Number)
        }
        (Some("boolean"), Value::String(text)) if text == "true" || text == "false" => json!(text == "true"),
        (_, given) => given,
    }
}
