//! Lists of invoices.

use std::collections::BTreeSet;

use cucumber::{gherkin::Step, given, then, when};
use serde_json::{Value, json};
use tests::{day, invoice, line};

use crate::{
    shop::{Request, Shop},
    tables::{filled, number, rows},
};

#[given(regex = r"^(\d+) invoices$")]
async fn arrange_many(shop: &mut Shop, count: usize) {
    for _ in 0..count {
        shop.arrange_invoice(invoice(), "draft").await;
    }
}

#[given("these invoices")]
async fn arrange_these(shop: &mut Shop, step: &Step) {
    for row in rows(step) {
        let body = json!({
            "number": row["number"],
            "customer": {"name": row["client"]},
            "currency": row["currency"],
            "items": [line(1, number(&row["total"]), 0)],
            "due_date": day(number(&row["due in"])),
        });
        shop.arrange_invoice(body, &row["status"]).await;
    }
}

#[when(expr = "page {int} of size {int} is listed")]
async fn list_page(shop: &mut Shop, page: u32, size: u32) {
    list(shop, &format!("page={page}&page_size={size}")).await;
}

#[when(expr = "invoices are listed with {string}")]
async fn list_with(shop: &mut Shop, query: String) {
    list(shop, &filled(&query)).await;
}

#[when(expr = "the first {int} invoices are listed")]
async fn list_first(shop: &mut Shop, count: u32) {
    list(shop, &format!("limit={count}")).await;
}

#[when(expr = "its cursor is used with the filter {string}")]
async fn misuse_cursor(shop: &mut Shop, filter: String) {
    let cursor = cursor(&shop.answer().json()).expect("there is more");
    list(shop, &format!("cursor={cursor}&{filter}")).await;
}

#[when("its cursor is used after a letter was changed")]
async fn forge_cursor(shop: &mut Shop) {
    let cursor = cursor(&shop.answer().json()).expect("there is more");
    let (head, tail) = cursor.split_at(10);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    list(shop, &format!("cursor={head}{other}{}", &tail[1..])).await;
}

#[when(expr = "the list is followed by cursors of {int}")]
async fn follow(shop: &mut Shop, size: u32) {
    while follow_once(shop, size).await {}
}

#[when(expr = "the list is followed by cursors of {int}, while another invoice is created")]
async fn follow_disturbed(shop: &mut Shop, size: u32) {
    while follow_once(shop, size).await {
        let created = shop.client.post("/invoices", &invoice()).await;
        created.expect(201);
    }
}

async fn follow_once(shop: &mut Shop, size: u32) -> bool {
    let before = shop
        .answers
        .last()
        .and_then(|answer| cursor(&answer.json()));
    let place = before
        .map(|cursor| format!("&cursor={cursor}"))
        .unwrap_or_default();
    let mut all = std::mem::take(&mut shop.listed);
    list(shop, &format!("limit={size}{place}")).await;
    all.append(&mut shop.listed);
    shop.listed = all;
    shop.answer().json()["has_more"] == true
}

fn cursor(page: &Value) -> Option<String> {
    page["next_cursor"].as_str().map(str::to_owned)
}

async fn list(shop: &mut Shop, query: &str) {
    let answer = shop.send(Request::get(format!("/invoices?{query}"))).await;
    let rows = answer.json()["data"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    shop.listed = rows;
}

#[then(expr = "{int} invoices are listed")]
fn are_listed(shop: &mut Shop, count: usize) {
    shop.answer().expect(200);
    assert_eq!(shop.listed.len(), count);
}

#[then(expr = "the total is {int}")]
fn has_total(shop: &mut Shop, total: u64) {
    let page = shop.answer().json();
    assert_eq!(
        (&page["total"], &page["total_is_exact"]),
        (&json!(total), &json!(true))
    );
}

#[then("the newest is listed first")]
fn newest_first(shop: &mut Shop) {
    let listed: Vec<_> = ids(shop).collect();
    let expected: Vec<_> = shop.invoices.iter().rev().cloned().collect();
    assert_eq!(listed, expected);
}

#[then(regex = r"^every invoice (?:but the new one )?was listed once$")]
fn each_once(shop: &mut Shop) {
    let listed: BTreeSet<_> = ids(shop).collect();
    let expected: BTreeSet<_> = shop.invoices.iter().cloned().collect();
    assert_eq!(listed, expected);
    assert_eq!(shop.listed.len(), shop.invoices.len());
}

fn ids(shop: &Shop) -> impl Iterator<Item = String> {
    shop.listed
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
}

#[then(expr = "the invoices listed are {string}")]
fn are_these(shop: &mut Shop, numbers: String) {
    shop.answer().expect(200);
    let listed: Vec<_> = shop
        .listed
        .iter()
        .map(|row| row["number"].as_str().expect("a number"))
        .collect();
    assert_eq!(listed.join(", "), numbers);
}
