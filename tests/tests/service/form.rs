//! Trying every field of a body.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::Value;
use tests::{Answer, Client};

use crate::{
    field::{Field, Kind},
    field_values::Example,
};

const AT_ONCE: usize = 8;

/// A request with a body, and what stands in the body.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// The method.
    pub(crate) method: Method,
    /// The path.
    pub(crate) path: String,
    /// A valid body.
    pub(crate) body: Value,
    /// Its fields.
    pub(crate) fields: Vec<Field>,
}

impl Form {
    /// Sends everything that is to be refused, and fails if something of it is not.
    pub(crate) async fn check_refusals(&self, client: &Client) {
        for field in &self.fields {
            let refused = field.examples().into_iter().filter(|it| it.fault.is_some());
            for example in refused {
                let answer = self.send(client, &self.body_with(field, &example)).await;
                assert_eq!(surprise(field, &example, &answer), None);
            }
        }
    }

    /// Fails with everything that is answered in another way than the fields' kinds say.
    pub(crate) async fn check(&self, client: &Client) {
        self.check_each_value(client).await;
        self.check_all_faults_at_once(client).await;
        self.check_unknown_fields(client).await;
        self.check_duplicate_fields(client).await;
    }

    async fn check_each_value(&self, client: &Client) {
        let cases = self.fields.iter().flat_map(|field| {
            field
                .examples()
                .into_iter()
                .map(move |example| (field, example))
        });
        let surprises: Vec<String> = stream::iter(cases)
            .map(|(field, example)| async move {
                let answer = self.send(client, &self.body_with(field, &example)).await;
                surprise(field, &example, &answer)
            })
            .buffer_unordered(AT_ONCE)
            .filter_map(async |surprise| surprise)
            .collect()
            .await;
        assert!(
            surprises.is_empty(),
            "{} {}:\n{}",
            self.method,
            self.path,
            surprises.join("\n")
        );
    }

    async fn check_all_faults_at_once(&self, client: &Client) {
        let mut body = self.body.clone();
        let mut expected = Vec::new();
        for field in &self.fields {
            if let Some(Example {
                sent: Some(value),
                fault: Some((below, code)),
                ..
            }) = field.bad_leaf()
            {
                put(&mut body, &field.pointer, Some(value));
                expected.push((format!("{}{below}", field.pointer), code.to_owned()));
            }
        }
        expected.sort();

        let answer = self.send(client, &body).await;

        assert_eq!(answer.faults(), expected, "{}", answer.text());
    }

    async fn check_unknown_fields(&self, client: &Client) {
        for object in self.objects() {
            let mut body = self.body.clone();
            let pointer = format!("{object}/surprise");
            put(&mut body, &pointer, Some(Value::Null));

            let answer = self.send(client, &body).await;

            assert_eq!(
                answer.verdict(),
                (400, "unknown_field".to_owned()),
                "{pointer}"
            );
            assert_eq!(answer.faults(), [(pointer, "unknown_field".to_owned())]);
        }
    }

    async fn check_duplicate_fields(&self, client: &Client) {
        for field in &self.fields {
            let (object, name) = field.pointer.rsplit_once('/').expect("a pointer");
            let mut body = self.body.clone();
            if body.pointer(&field.pointer).is_none() {
                put(&mut body, &field.pointer, Some(Value::Null));
            }
            put(&mut body, &format!("{object}/DUPLICATE"), Some(Value::Null));
            let twice = body.to_string().replace("DUPLICATE", name);

            let call = client.call(self.method.clone(), &self.path);
            let answer = call.idempotency_key(&fresh_key()).text(twice).await;

            let expected = (field.pointer.clone(), "duplicate_field".to_owned());
            assert_eq!(
                answer.verdict(),
                (400, "duplicate_field".to_owned()),
                "{}",
                field.pointer
            );
            assert!(answer.faults().contains(&expected), "{}", answer.text());
        }
    }

    /// Where objects are whose fields are known: metadata has the client's own.
    fn objects(&self) -> BTreeSet<&str> {
        let known = self
            .fields
            .iter()
            .filter(|field| !matches!(field.kind, Kind::Metadata));
        known
            .filter_map(|field| field.pointer.rsplit_once('/'))
            .map(|(object, _)| object)
            .collect()
    }

    fn body_with(&self, field: &Field, example: &Example) -> Value {
        let mut body = self.body.clone();
        put(&mut body, &field.pointer, example.sent.clone());
        body
    }

    async fn send(&self, client: &Client, body: &Value) -> Answer {
        let call = client.call(self.method.clone(), &self.path);
        call.idempotency_key(&fresh_key()).json(body).await
    }
}

/// Nothing that moves money is done without a key.
pub(crate) fn fresh_key() -> String {
    static USED: AtomicU64 = AtomicU64::new(0);
    format!("form-{}", USED.fetch_add(1, Ordering::Relaxed))
}

fn put(body: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
    let parent = parent.expect("the valid body has what the fields stand in");
    match value {
        Some(value) => parent.insert(name.to_owned(), value),
        None => parent.remove(name),
    };
}

fn surprise(field: &Field, example: &Example, answer: &Answer) -> Option<String> {
    let told = |what: String| {
        let sent = example
            .sent
            .as_ref()
            .map_or("(missing)".to_owned(), Value::to_string);
        let sent: String = sent.chars().take(60).collect();
        Some(format!("{} = {sent}: {what}", field.pointer))
    };
    match example.fault {
        Some((below, code)) => {
            let expected = [(format!("{}{below}", field.pointer), code.to_owned())];
            let is_expected = answer.verdict() == (400, "validation_failed".to_owned())
                && answer.faults() == expected;
            if is_expected {
                None
            } else {
                told(format!("not refused as {code}: {}", answer.text()))
            }
        }
        None if !(200..300).contains(&answer.status) => told(format!("refused: {}", answer.text())),
        None => {
            let answered = answer.json().pointer(&field.pointer).cloned();
            let is_expected = example.answered.is_none() || example.answered == answered;
            if is_expected {
                None
            } else {
                told(format!("answered as {answered:?}"))
            }
        }
    }
}
