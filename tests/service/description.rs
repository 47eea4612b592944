//! What the service says of itself: every operation, as the contract has it and as it is.

use reqwest::Method;
use serde_json::{Value, json};

use super::schemas::{described, input, operations, route, shared};
use super::support::World;

#[tokio::test]
async fn it_describes_exactly_the_contracts_operations_by_their_own_routes() {
    let world = World::new().await;
    let document = world.document().await;
    let mut told = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert_eq!((method.to_uppercase().as_str(), path.as_str()), (route(&id).0.as_str(), route(&id).1), "{id}");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let response = world.request(method, &path.replace(['{', '}'], "")).send().await.unwrap();
            let body: Value = response.json().await.unwrap();
            assert_ne!(body["defined"], false, "{path}: {body}");
            told.push(id);
        }
    }
    told.sort_unstable();
    let mut wanted: Vec<_> = operations().collect();
    wanted.sort_unstable();
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn every_input_has_the_contracts_fields_and_bounds() {
    const BOUNDS: [&str; 8] =
        ["minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems", "default"];
    let world = World::new().await;
    let document = world.document().await;
    for id in operations() {
        let (method, path) = route(id);
        let (fields, mut required) = described(&document["paths"][path][method.as_str().to_lowercase()]);
        let contract = input(id);
        let known = contract["properties"].as_object().cloned().unwrap_or_default();
        assert_eq!(fields.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>(), "{id}");
        let mut wanted: Vec<_> = contract["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        required.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(required, wanted, "{id}");
        for (name, own) in &fields {
            // What is in the path is never empty, or there would be no such route.
            let in_path = path.contains(&format!("{{{name}}}"));
            for bound in BOUNDS.iter().filter(|bound| !(in_path && **bound == "minLength")) {
                let same = number(&own[*bound]) == number(&known[name][*bound]);
                assert!(same, "{id} {name} {bound}: {own} and {}", known[name]);
            }
            let words = |schema: &Value| (schema["enum"].clone(), schema["items"]["enum"].clone());
            assert_eq!(words(own), words(&known[name]), "{id} {name}");
        }
    }
}

/// `-90` and `-90.0` are one bound.
fn number(bound: &Value) -> Value {
    bound.as_f64().map_or_else(|| bound.clone(), |bound| json!(bound))
}

#[tokio::test]
async fn every_answer_is_described_by_its_own_type() {
    let world = World::new().await;
    let document = world.document().await;
    for id in operations() {
        let (method, path) = route(id);
        let operation = &document["paths"][path][method.as_str().to_lowercase()];
        let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let name = answer["$ref"].as_str().unwrap_or_else(|| panic!("{id}: {answer}"));
        let shape = document.pointer(name.trim_start_matches('#')).unwrap();
        let whole = shape["required"].as_array().is_some_and(|required| !required.is_empty());
        assert!(whole || shape["anyOf"].is_array(), "{id}: {shape}");
        for status in ["400", "401", "403", "422", "429", "500"] {
            assert!(operation["responses"][status]["$ref"].is_string(), "{id} {status}");
        }
    }
}

/// What a choice is between: an `enum`, or one constant a description.
fn words(choice: &Value) -> Vec<Value> {
    let apart = choice["oneOf"].as_array().into_iter().flatten().map(|one| one["const"].clone());
    choice["enum"].as_array().cloned().unwrap_or_else(|| apart.collect())
}

#[tokio::test]
async fn every_word_of_an_answer_is_one_of_the_contracts() {
    let world = World::new().await;
    let document = world.document().await;
    let mut apart = Vec::new();
    for (path, contract, own) in operations().flat_map(|id| shared(document, id)) {
        let known = contract["enum"].as_array();
        if known.is_some_and(|known| *known != words(own)) || contract["minLength"] != own["minLength"] {
            apart.push(format!("{path}: {own}, in the contract {contract}"));
        }
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}

#[tokio::test]
async fn who_may_is_described_by_scope() {
    let world = World::new().await;
    let document = world.document().await;
    let bearer = |scopes: &[&str]| scopes.iter().map(|scope| json!({"bearer": [scope]})).collect::<Vec<_>>();
    let open = |scopes: &[&str]| [bearer(scopes), vec![json!({})]].concat();
    for (path, method, expected) in [
        ("/events", "get", vec![]),
        ("/users/me", "get", vec![json!({"bearer": []})]),
        ("/tickets/{id}/scan", "post", bearer(&["SCANNING", "FULL"])),
        ("/tickets/{id}", "put", bearer(&["ORDER", "FULL"])),
        ("/tickets/{id}", "get", open(&["SCANNING", "ORDER", "FULL"])),
        ("/orders/{id}", "get", open(&["ORDER", "FULL"])),
        ("/events/{eventId}/performance/pace", "get", bearer(&["SCANNING", "ORDER", "EVENT", "FULL"])),
    ] {
        assert_eq!(document["paths"][path][method]["security"], json!(expected), "{method} {path}");
    }
}
