//! Query strings in bracket form, as a tree of text.

use serde_json::{Map, Value};

/// Deepest nesting that is followed: `filters[0][values][0]`.
const MAX_DEPTH: usize = 4;

/// `a=1&b[0]=x&c[d]=y` as an object; a repeated plain key or `b[]=` becomes a list.
///
/// Indices stay keys (`{"b": {"0": "x"}}`): whether that is a list, the table of fields knows.
pub(super) fn read(query: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        insert(&mut fields, &segments(&key), value.into_owned());
    }
    fields
}

/// `a[b][c]` as `a`, `b`, `c`; what is no such form is one segment.
fn segments(key: &str) -> Vec<&str> {
    let Some((first, rest)) = key.split_once('[').filter(|(first, _)| !first.is_empty()) else { return vec![key] };
    let Some(inner) = rest.strip_suffix(']') else { return vec![key] };
    let path: Vec<_> = std::iter::once(first).chain(inner.split("][")).collect();
    if path.len() > MAX_DEPTH { vec![key] } else { path }
}

fn insert(fields: &mut Map<String, Value>, path: &[&str], value: String) {
    match path {
        [] => {}
        [last] => append(fields, last, value, false),
        [last, ""] => append(fields, last, value, true),
        [first, rest @ ..] => {
            let inner = fields.entry(*first).or_insert_with(|| Value::Object(Map::new()));
            match inner {
                Value::Object(inner) => insert(inner, rest, value),
                // The same key in two forms: a list of both, which is refused unless a list is meant.
                other => *other = Value::Array(vec![other.take(), Value::String(value)]),
            }
        }
    }
}

fn append(fields: &mut Map<String, Value>, key: &str, value: String, listed: bool) {
    let value = Value::String(value);
    match fields.get_mut(key) {
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => {
            let value = if listed { Value::Array(vec![value]) } else { value };
            fields.insert(key.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("a=1&b=x%20y", json!({"a": "1", "b": "x y"}))]
    #[case("a[0]=x&a[1]=y", json!({"a": {"0": "x", "1": "y"}}))]
    #[case("a=x&a=y", json!({"a": ["x", "y"]}))]
    #[case("a[]=x", json!({"a": ["x"]}))]
    #[case("a[]=x&a[]=y", json!({"a": ["x", "y"]}))]
    #[case("f[0][field]=STATUS&f[0][values][0]=A", json!({"f": {"0": {"field": "STATUS", "values": {"0": "A"}}}}))]
    #[case("[a]=x&b[=y&c[0=z", json!({"[a]": "x", "b[": "y", "c[0": "z"}))]
    #[case("", json!({}))]
    fn bracket_forms(#[case] query: &str, #[case] expected: Value) {
        assert_eq!(Value::Object(read(query)), expected);
    }
}
