//! The OpenAPI document against the program: routes, statuses and shapes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::program::{ADMIN, Folder, Program};
use common::votes::{batch, key, vote};
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(collector::routes::service::OPENAPI).unwrap()
}

/// Checks a value against a schema of the document, in the words that the document uses.
fn check(document: &Value, schema: &Value, value: &Value, path: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let schema =
            document.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} is missing"));
        return check(document, schema, value, path);
    }
    if let Some(only) = schema.get("const") {
        assert_eq!(value, only, "{path}");
    }
    if let Some(some) = schema["enum"].as_array() {
        assert!(some.contains(value), "{path}: {value}");
    }
    if let Some(schemas) = schema["oneOf"].as_array() {
        let fits = |schema: &&Value| match schema["enum"].as_array() {
            Some(some) => some.contains(value),
            None => value.is_object(),
        };
        let schema: Vec<&Value> = schemas.iter().filter(fits).collect();
        assert_eq!(schema.len(), 1, "{path}: {value}");
        check(document, schema[0], value, path);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().map(|name| name.as_str().unwrap()).collect(),
        _ => Vec::new(),
    };
    let fits = |name: &&str| match *name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other}"),
    };
    assert!(types.is_empty() || types.iter().any(fits), "{path}: {value} is no {types:?}");
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        for name in schema["required"].as_array().unwrap() {
            assert!(fields.contains_key(name.as_str().unwrap()), "{path} lacks {name}");
        }
        for (name, value) in fields {
            let schema = properties.get(name).unwrap_or_else(|| panic!("{path}/{name} is not described"));
            check(document, schema, value, &format!("{path}/{name}"));
        }
    }
    if let Some(items) = value.as_array() {
        for (index, item) in items.iter().enumerate() {
            check(document, &schema["items"], item, &format!("{path}/{index}"));
        }
    }
}

#[test]
fn the_document_names_the_routes_that_there_are_and_no_others() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let there: BTreeSet<(String, String)> = collector::app::table()
        .into_iter()
        .map(|(method, path, _)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(described, there);
}

/// Method, path, headers, body.
type Request<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, &'a str);

#[test]
fn what_is_sent_and_answered_has_the_shapes_of_the_document() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let document = document();
    assert_eq!(program.get("/v1/openapi.json").json(), document, "it is served");
    let admin = format!("Bearer {ADMIN}");
    let visitor = format!("Bearer {}", key(1000));
    let body = batch([vote(1), vote(2)]);
    check(&document, &document["components"]["schemas"]["Batch"], &body, "batch");
    let body = body.to_string();
    let json = ("content-type", "application/json");
    let requests: [Request<'_>; 17] = [
        ("POST", "/v1/votes", vec![json], &body),
        ("POST", "/v1/votes", vec![json], "{"),
        ("POST", "/v1/votes", vec![json], &body.replace("\"better\"", "\"best\"")),
        ("POST", "/v1/votes", vec![json], &body.replace("\"better\"", "\"slightly_better\"")),
        ("POST", "/v1/votes", vec![], &body),
        ("GET", "/v1/leaderboard", vec![], ""),
        ("GET", "/v1/export.jsonl", vec![("authorization", &admin)], ""),
        ("GET", "/v1/export.jsonl?form=trl", vec![("authorization", &admin)], ""),
        ("GET", "/v1/export.jsonl?form=weights", vec![("authorization", &admin)], ""),
        ("GET", "/v1/export.jsonl?form=none", vec![("authorization", &admin)], ""),
        ("GET", "/v1/export.jsonl", vec![], ""),
        ("GET", "/v1/openapi.json", vec![], ""),
        ("GET", "/health", vec![], ""),
        ("GET", "/metrics", vec![], ""),
        ("DELETE", "/v1/votes", vec![("authorization", &visitor)], ""),
        ("DELETE", "/v1/votes", vec![], ""),
        ("DELETE", "/v1/votes?id=1", vec![("authorization", &visitor)], ""),
    ];
    let mut seen = BTreeSet::new();
    for (method, path, headers, body) in requests {
        let answer = program.send(method, path, &headers, body.as_bytes()).unwrap();
        let route = path.split('?').next().unwrap();
        seen.insert((method, route));
        let operation = &document["paths"][route][method.to_lowercase()];
        let response = &operation["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{method} {path} answered {}, which is not described", answer.status);
        let kind = answer.header("content-type").unwrap().split(';').next().unwrap();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{method} {path} answered {kind}, which is not described");
        if kind == "application/json" && route != "/v1/openapi.json" {
            check(&document, &content["schema"], &answer.json(), path);
        }
    }
    assert_eq!(seen.len(), collector::app::table().len(), "each route was tried");
    for (method, path) in [("PUT", "/v1/votes"), ("POST", "/v1/leaderboard"), ("DELETE", "/v1/export.jsonl")]
    {
        assert_eq!(program.send(method, path, &[], &[]).unwrap().status, 405, "{method} {path}");
    }
}
