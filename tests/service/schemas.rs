//! What the contract says of an operation, and what the service says of itself; both are held against what is sent
//! and what comes back.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../contract/operations.json")).unwrap());

/// Every operation of the contract, by name.
pub fn operations() -> impl Iterator<Item = &'static str> {
    CONTRACT["operations"].as_object().unwrap().keys().map(String::as_str)
}

/// The contract's method and path of an operation.
pub fn route(operation: &str) -> (Method, &'static str) {
    let known = &CONTRACT["operations"][operation];
    (known["method"].as_str().unwrap().parse().unwrap(), known["path"].as_str().unwrap())
}

/// The contract's input schema of an operation, without references at its top.
pub fn input(operation: &str) -> &'static Value {
    resolve(&CONTRACT["operations"][operation]["input"])
}

/// The schema of a field, without references at its top.
pub fn property(schema: &'static Value, name: &str) -> &'static Value {
    resolve(&schema["properties"][name])
}

fn resolve(schema: &'static Value) -> &'static Value {
    resolve_in(&CONTRACT, schema)
}

fn resolve_in<'a>(document: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(name) = schema["$ref"].as_str() {
        schema = document.pointer(name.trim_start_matches('#')).unwrap();
    }
    schema
}

/// Every property of an answer that both schemas know, under its path: the contract's and our own.
pub fn shared<'a>(document: &'a Value, operation: &str) -> Vec<(String, &'static Value, &'a Value)> {
    let own = &told(document, operation)["responses"]["200"]["content"]["application/json"]["schema"];
    let mut shared = Vec::new();
    let mut open = vec![(operation.to_owned(), &CONTRACT["operations"][operation]["output"], own)];
    while let Some((path, contract, own)) = open.pop() {
        let (contract, own) = (resolve(contract), resolve_in(document, own));
        for (name, property) in contract["properties"].as_object().into_iter().flatten() {
            if let Some(same) = own["properties"].get(name) {
                open.push((format!("{path}.{name}"), property, same));
            }
        }
        if let (Some(each), Some(same)) = (contract.get("items"), own.get("items")) {
            open.push((format!("{path}[]"), each, same));
        }
        shared.push((path, contract, own));
    }
    shared
}

/// Every reason that the contract's schemas name for a refusal of the operation.
pub fn reasons(operation: &str) -> Vec<&'static str> {
    let data = &CONTRACT["operations"][operation]["errors"]["BAD_REQUEST"]["data"]["anyOf"];
    let words = |shape| property(resolve(shape), "reason")["enum"].as_array().unwrap();
    data.as_array().into_iter().flatten().flat_map(words).map(|reason| reason.as_str().unwrap()).collect()
}

/// The described operation's input as one object, path, query and body together, and which of it must be there.
pub fn described(operation: &Value) -> (Map<String, Value>, Vec<String>) {
    let mut fields = Map::new();
    let mut required = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap() {
        let Some(name) = parameter["name"].as_str() else { continue };
        let as_json = &parameter["content"]["application/json"]["schema"];
        fields.insert(name.to_owned(), parameter.get("schema").unwrap_or(as_json).clone());
        required.extend((parameter["required"] == true).then(|| name.to_owned()));
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    for (name, schema) in body["properties"].as_object().into_iter().flatten() {
        fields.insert(name.clone(), schema.clone());
    }
    required.extend(body["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()));
    (fields, required)
}

/// The operation in the service's own document.
pub fn told<'a>(document: &'a Value, operation: &str) -> &'a Value {
    let (method, path) = route(operation);
    &document["paths"][path][method.as_str().to_lowercase()]
}

/// Holds an input against what was answered: what does not fit the service's description is refused with 422 and
/// nothing else is, and what was taken fits the contract, too, so that a success proves something.
pub fn check_input(document: &Value, operation: &str, status: StatusCode, sent: &Value) {
    let own = faults(&format!("input of {operation}"), sent, || {
        let (fields, required) = described(told(document, operation));
        json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false})
    });
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        assert!(!own.is_empty(), "{operation}: refused though it fits: {sent}");
        return;
    }
    assert!(own.is_empty(), "{operation}: {status} though it does not fit: {own:#?}\n{sent}");
    if !input(operation).is_null() {
        check(&format!("/operations/{operation}/input"), sent);
    }
}

/// Holds an answer against what the contract and the service's own description say of it.
pub fn check_answer(document: &Value, operation: &str, status: StatusCode, body: &Value) {
    let place = format!("/responses/{}", status.as_u16());
    let response = &told(document, operation)["responses"][status.as_str()];
    assert!(!response.is_null(), "{operation} is not said to answer {status}");
    let (method, path) = route(operation);
    let pointer = format!("#/paths/{}/{}{place}", path.replace('/', "~1"), method.as_str().to_lowercase());
    let pointer = response["$ref"].as_str().map_or(pointer, str::to_owned);
    let schema = format!("{pointer}/content/application~1json/schema");
    check_with(&schema, body, || {
        let mut whole = document.clone();
        whole["$ref"] = json!(schema.replace('{', "%7B").replace('}', "%7D"));
        whole
    });
    if status.is_success() {
        check(&format!("/operations/{operation}/output"), &without_cursor(body.clone()));
    } else {
        check_error(operation, status, body);
    }
}

/// The schemas of lists know no `cursor`.
fn without_cursor(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("cursor");
    }
    body
}

fn check_error(operation: &str, status: StatusCode, body: &Value) {
    let code = body["code"].as_str().unwrap_or_else(|| panic!("no code in {body}"));
    let declared = CONTRACT["errors"].get(code);
    assert_eq!(body["status"], status.as_u16(), "{body}");
    assert_eq!(body["defined"], declared.is_some(), "{body}");
    assert!(body["message"].is_string(), "{body}");
    assert!(declared.is_none_or(|declared| declared["status"] == status.as_u16()), "{body}");
    let own = format!("/operations/{operation}/errors/{code}/data");
    let common = format!("/errors/{code}/data");
    if let Some(pointer) = [own, common].into_iter().find(|pointer| CONTRACT.pointer(pointer).is_some())
        && !body["data"].is_null()
    {
        check(&pointer, &body["data"]);
    }
}

/// Holds `value` against the contract's schema at `pointer`.
pub fn check(pointer: &str, value: &Value) {
    check_with(pointer, value, || {
        let mut schema = CONTRACT.pointer(pointer).unwrap_or_else(|| panic!("no schema {pointer}")).clone();
        schema["$defs"] = CONTRACT["$defs"].clone();
        schema
    });
}

fn check_with(name: &str, value: &Value, schema: impl FnOnce() -> Value) {
    let faults = faults(name, value, schema);
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{value:#}");
}

/// What is wrong with `value` by a schema, which is read once by its name.
fn faults(name: &str, value: &Value, schema: impl FnOnce() -> Value) -> Vec<String> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let validator =
        Arc::clone(KNOWN.lock().unwrap().entry(name.to_owned()).or_insert_with(|| {
            Arc::new(jsonschema::options().should_validate_formats(true).build(&schema()).unwrap())
        }));
    validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}
