//! Requests that cannot be meant.

use cucumber::{gherkin::Step, then, when};
use reqwest::Method;
use tests::invoice;

use crate::{
    shop::{Request, Shop},
    tables::rows,
};

#[when(regex = r"^an invoice is created with (/\S+) set to (.+)$")]
async fn create_with(shop: &mut Shop, pointer: String, value: String) {
    let value: serde_json::Value = serde_json::from_str(&value).expect("the feature shows JSON");
    let mut body = invoice();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("a pointer into the body");
    parent[name] = value;
    shop.send(Request::post("/invoices", body)).await;
}

#[when("this invoice is sent to the service")]
async fn create_from_text(shop: &mut Shop, step: &Step) {
    let text = step.docstring.clone().expect("the step has a text");
    let answer = shop
        .client
        .call(Method::POST, "/api/v1/invoices")
        .text(text)
        .await;
    shop.answers.push(answer);
}

#[then(expr = "the only fault is {string} at {string}")]
fn only_fault(shop: &mut Shop, code: String, pointer: String) {
    assert_eq!(shop.answer().faults(), [(pointer, code)]);
}

#[then("the faults are")]
fn faults_are(shop: &mut Shop, step: &Step) {
    let expected: Vec<_> = rows(step)
        .iter()
        .map(|row| (row["pointer"].clone(), row["fault"].clone()))
        .collect();
    assert_eq!(shop.answer().faults(), expected);
}
