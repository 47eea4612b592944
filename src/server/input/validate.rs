//! Checks an input against its table, collecting every error.

use serde_json::{Map, Number, Value};

use super::{Default, Field, Kind};
use crate::domain::is_email;
use crate::wire::ValidationErrors;

/// Most indices that a list in a query may name.
const MAX_INDEX: usize = 1_000;

/// Where an input came from: in a query all is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The query string.
    Query,
    /// A JSON body.
    Body,
}

/// The input with its defaults and with text read as what it means, or everything that is wrong with it.
pub(super) fn check(
    table: &[Field],
    input: Map<String, Value>,
    source: Source,
) -> Result<Map<String, Value>, ValidationErrors> {
    let mut errors = ValidationErrors::default();
    let checked = object(table, input, source, true, &mut |field, message| {
        errors.field_errors.entry(field.to_owned()).or_default().push(message);
    });
    if errors.field_errors.is_empty() { Ok(checked) } else { Err(errors) }
}

/// The input is JSON, but no object.
pub(super) fn not_an_object() -> ValidationErrors {
    ValidationErrors { form_errors: vec!["Expected an object".to_owned()], ..ValidationErrors::default() }
}

fn object(
    table: &[Field],
    mut input: Map<String, Value>,
    source: Source,
    strict: bool,
    refuse: &mut dyn FnMut(&str, String),
) -> Map<String, Value> {
    let mut checked = Map::new();
    for field in table {
        let value = match input.remove(field.name) {
            Some(given) => field.kind.check(given, source).map_err(|message| refuse(field.name, message)).ok(),
            None if field.required => {
                refuse(field.name, "Required".to_owned());
                None
            }
            None => field.default.map(Value::from),
        };
        if let Some(value) = value {
            checked.insert(field.name.to_owned(), value);
        }
    }
    if strict {
        input.keys().for_each(|unknown| refuse(unknown, "Unknown field".to_owned()));
    }
    checked
}

impl From<Default> for Value {
    fn from(default: Default) -> Self {
        match default {
            Default::Integer(number) => number.into(),
            Default::Boolean(truth) => truth.into(),
            Default::Word(word) => word.into(),
        }
    }
}

impl Kind {
    /// The value as it is meant, or what is wrong with it.
    fn check(&self, value: Value, source: Source) -> Result<Value, String> {
        match self {
            Self::Text { .. } | Self::Id(_) | Self::Email | Self::OneOf(_) | Self::Date => self.check_text(value),
            Self::Integer { min, max } => integer(&value, source, *min, *max),
            Self::Number { min, max } => number(&value, source, *min, *max),
            Self::Positive { max } => positive(&value, source, *max),
            Self::Boolean => boolean(&value, source),
            Self::List { of, min, max } => list(of, value, source, *min, *max),
            Self::Object(fields) => nested(fields, value, source),
            Self::Nullable(_) if value.is_null() => Ok(Value::Null),
            Self::Nullable(kind) => kind.check(value, source),
            Self::Ignored if value.is_object() => Ok(value),
            Self::Ignored => Err("Expected an object".to_owned()),
        }
    }

    fn check_text(&self, value: Value) -> Result<Value, String> {
        let Value::String(text) = value else { return Err(format!("Expected text, got {}", name_of(&value))) };
        let fault = match self {
            Self::Text { min, max } => length_fault(&text, *min, *max),
            Self::Id(prefix) => id_fault(&text, prefix),
            Self::Email => (!is_email(&text)).then(|| "Expected an email address".to_owned()),
            Self::OneOf(words) => {
                (!words.contains(&text.as_str())).then(|| format!("Expected one of {}", words.join(", ")))
            }
            Self::Date => (!is_date(&text)).then(|| "Expected YYYY-MM-DD".to_owned()),
            _ => None,
        };
        fault.map_or(Ok(Value::String(text)), Err)
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Ten characters of a day that there is; the parser alone would take a time of day, too.
fn is_date(text: &str) -> bool {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain && text.parse::<jiff::civil::Date>().is_ok()
}

fn length_fault(text: &str, min: usize, max: usize) -> Option<String> {
    let length = text.chars().count();
    match length {
        0 if min > 0 => Some("Must not be empty".to_owned()),
        length if length < min => Some(format!("Must have at least {min} characters")),
        length if length > max => Some(format!("Must have at most {max} characters")),
        _ => None,
    }
}

fn id_fault(text: &str, prefix: &str) -> Option<String> {
    let body = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    let fits = body.is_some_and(|body| {
        body.len() == 26 && body.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    });
    (!fits).then(|| format!("Expected an id of the form {prefix}_ and 26 of 0-9 and a-z"))
}

/// The contract's own pattern of an email address; [`is_email`] is the same by hand.
pub(crate) const EMAIL: &str =
    concat!(r"^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]", r"@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$",);

fn integer(value: &Value, source: Source, min: i64, max: i64) -> Result<Value, String> {
    let number = match value {
        Value::String(text) if source == Source::Query => {
            text.parse().ok().or_else(|| whole(&serde_json::from_str(text).ok()?))
        }
        Value::Number(number) => whole(number),
        _ => None,
    };
    match number {
        None => Err(format!("Expected a whole number, got {}", name_of(value))),
        Some(number) if number < min => Err(format!("Must be at least {min}")),
        Some(number) if number > max => Err(format!("Must be at most {max}")),
        Some(number) => Ok(number.into()),
    }
}

/// `20.0` and `2e1` are the integer 20 to JSON Schema, in a query as in a body.
fn whole(number: &Number) -> Option<i64> {
    /// The last up to which every integer is a number of its own; greater ones are beyond every bound here.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    number.as_i64().or_else(|| {
        let number = number.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "the bounds keep it within what an i64 holds")]
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
    })
}

fn number(value: &Value, source: Source, min: f64, max: f64) -> Result<Value, String> {
    match finite(value, source)? {
        number if number < min || number > max => Err(format!("Must lie between {min} and {max}")),
        number => Ok(number.into()),
    }
}

fn positive(value: &Value, source: Source, max: f64) -> Result<Value, String> {
    match finite(value, source)? {
        number if number <= 0.0 || number > max => Err(format!("Must be above 0 and at most {max}")),
        number => Ok(number.into()),
    }
}

fn finite(value: &Value, source: Source) -> Result<f64, String> {
    let number = match value {
        Value::String(text) if source == Source::Query => text.parse::<f64>().ok(),
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    number.filter(|number| number.is_finite()).ok_or_else(|| format!("Expected a number, got {}", name_of(value)))
}

fn boolean(value: &Value, source: Source) -> Result<Value, String> {
    match value {
        Value::Bool(truth) => Ok((*truth).into()),
        Value::String(text) if source == Source::Query && text == "true" => Ok(true.into()),
        Value::String(text) if source == Source::Query && text == "false" => Ok(false.into()),
        other => Err(format!("Expected true or false, got {}", name_of(other))),
    }
}

fn list(of: &Kind, value: Value, source: Source, min: usize, max: usize) -> Result<Value, String> {
    let items = match (value, source) {
        // Objects come in brackets or, for those who have no such form, as one JSON text.
        (Value::String(text), Source::Query) if matches!(of, Kind::Object(_)) => {
            let whole = serde_json::from_str(&text).ok().filter(Value::is_array);
            return list(of, whole.ok_or("Expected a list")?, Source::Body, min, max);
        }
        (Value::Array(items), _) => items,
        (Value::Object(indexed), Source::Query) => in_order(indexed)?,
        (single @ Value::String(_), Source::Query) => vec![single],
        (other, _) => return Err(format!("Expected a list, got {}", name_of(&other))),
    };
    if items.len() < min {
        return Err(format!("Must have at least {min}"));
    }
    if items.len() > max {
        return Err(format!("Must have at most {max}"));
    }
    items.into_iter().map(|item| of.check(item, source)).collect::<Result<_, _>>().map(Value::Array)
}

fn in_order(indexed: Map<String, Value>) -> Result<Vec<Value>, String> {
    let mut items = Vec::with_capacity(indexed.len());
    for (index, item) in indexed {
        match index.parse::<usize>() {
            Ok(index) if index < MAX_INDEX => items.push((index, item)),
            _ => return Err("Expected a list".to_owned()),
        }
    }
    items.sort_by_key(|(index, _)| *index);
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

fn nested(fields: &[Field], value: Value, source: Source) -> Result<Value, String> {
    let Value::Object(input) = value else { return Err(format!("Expected an object, got {}", name_of(&value))) };
    let mut faults = Vec::new();
    let checked = object(fields, input, source, false, &mut |field, message| {
        faults.push(format!("{field}: {message}"));
    });
    if faults.is_empty() { Ok(Value::Object(checked)) } else { Err(faults.join("; ")) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::server::input::{FILLED, PAGE, TEXT};

    const TABLE: &[Field] = &[
        Field::required("eventId", Kind::Id("evt")),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("ids", Kind::List { of: &Kind::Id("adm"), min: 0, max: 2 }),
        Field::optional("flag", Kind::Boolean),
        Field::optional("status", Kind::OneOf(&["ACTIVE", "CANCELLED"])),
        Field::optional("who", Kind::Nullable(&Kind::Object(&[Field::optional("name", FILLED)]))),
        Field::optional("text", TEXT),
        Field::optional("key", Kind::Text { min: 1, max: 5 }),
        Field::optional("far", Kind::Positive { max: 10.0 }),
        Field::optional("day", Kind::Date),
        Field::optional("most", Kind::Integer { min: 1, max: 9_007_199_254_740_991 }),
        Field::optional("pairs", Kind::List { of: &Kind::Object(PAIR), min: 0, max: 2 }),
    ];
    const PAIR: &[Field] = &[Field::required("of", TEXT)];

    fn run(input: Value, source: Source) -> Result<Value, Vec<String>> {
        let Value::Object(mut input) = input else { panic!("an object") };
        input.entry("eventId").or_insert_with(|| json!(format!("evt_{}", "0".repeat(26))));
        check(TABLE, input, source)
            .map(|mut checked| {
                checked.remove("eventId");
                Value::Object(checked)
            })
            .map_err(|errors| errors.field_errors.into_keys().collect())
    }

    #[rstest]
    #[case(json!({}), json!({"limit": 20}))]
    #[case(json!({"limit": "7"}), json!({"limit": 7}))]
    #[case(json!({"limit": "7.0"}), json!({"limit": 7}))]
    #[case(json!({"limit": "1e1"}), json!({"limit": 10}))]
    #[case(json!({"flag": "true", "limit": "1"}), json!({"flag": true, "limit": 1}))]
    #[case(json!({"ids": "adm_11111111111111111111111111"}), json!({"limit": 20, "ids": ["adm_11111111111111111111111111"]}))]
    #[case(json!({"far": "5e-324"}), json!({"limit": 20, "far": 5e-324}))]
    #[case(json!({"pairs": {"0": {"of": "x"}}}), json!({"limit": 20, "pairs": [{"of": "x"}]}))]
    #[case(json!({"pairs": {"0": {"of": "x", "other": "y"}}}), json!({"limit": 20, "pairs": [{"of": "x"}]}))]
    #[case(json!({"pairs": r#"[{"of": "x"}]"#}), json!({"limit": 20, "pairs": [{"of": "x"}]}))]
    fn a_query_is_read(#[case] input: Value, #[case] expected: Value) {
        assert_eq!(run(input, Source::Query), Ok(expected));
    }

    #[rstest]
    #[case(json!({"limit": 73.0}), json!({"limit": 73}))]
    #[case(json!({"most": 9_007_199_254_740_991.0}), json!({"limit": 20, "most": 9_007_199_254_740_991_i64}))]
    #[case(json!({"who": null}), json!({"limit": 20, "who": null}))]
    #[case(json!({"who": {"name": "x", "other": 1}}), json!({"limit": 20, "who": {"name": "x"}}))]
    #[case(json!({"day": "2028-02-29"}), json!({"limit": 20, "day": "2028-02-29"}))]
    #[case(json!({"key": "ééééé"}), json!({"limit": 20, "key": "ééééé"}))]
    fn a_body_is_read(#[case] input: Value, #[case] expected: Value) {
        assert_eq!(run(input, Source::Body), Ok(expected));
    }

    #[rstest]
    #[case(json!({"limit": "7"}), "limit")]
    #[case(json!({"limit": 0}), "limit")]
    #[case(json!({"limit": 101}), "limit")]
    #[case(json!({"limit": 1.5}), "limit")]
    #[case(json!({"limit": 1e300}), "limit")]
    #[case(json!({"most": 9_007_199_254_740_992.0}), "most")]
    #[case(json!({"limit": null}), "limit")]
    #[case(json!({"eventId": "evt_short"}), "eventId")]
    #[case(json!({"ids": ["adm_x"]}), "ids")]
    #[case(json!({"ids": "adm_x"}), "ids")]
    #[case(json!({"flag": "true"}), "flag")]
    #[case(json!({"status": "REDEEMED"}), "status")]
    #[case(json!({"who": {"name": ""}}), "who")]
    #[case(json!({"who": []}), "who")]
    #[case(json!({"text": 5}), "text")]
    #[case(json!({"key": ""}), "key")]
    #[case(json!({"key": "123456"}), "key")]
    #[case(json!({"surprise": 1}), "surprise")]
    #[case(json!({"day": "2026-02-30"}), "day")]
    #[case(json!({"day": "2026-02-03T10:00:00"}), "day")]
    #[case(json!({"day": "20260203"}), "day")]
    #[case(json!({"far": 0}), "far")]
    #[case(json!({"far": 10.5}), "far")]
    #[case(json!({"pairs": r#"[{"of": "x"}]"#}), "pairs")]
    #[case(json!({"pairs": [{"of": "x"}, {"of": "y"}, {"of": "z"}]}), "pairs")]
    fn what_does_not_fit_is_named(#[case] input: Value, #[case] field: &str) {
        assert_eq!(run(input, Source::Body), Err(vec![field.to_owned()]));
    }
}
