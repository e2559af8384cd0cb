//! Every other way in which money moves, under fire: what comes and goes, batches, what is reserved, what is taken back.

use std::{collections::BTreeMap, ops::AddAssign};

use serde_json::{Value, json};
use tests::{Answer, Client, Database, Generator, Setup, Tenant};

use crate::{
    crew::{Crew, Shift},
    load::{answered, assert_replayed},
    lost_commits::CutOffPair,
    transfers::{OPENING_MINOR, open_accounts},
};

const CLIENTS: usize = 6;
/// How many transfers a batch asks for.
const TOGETHER: usize = 3;

/// What was answered: how many transfers of each kind, how many holds came to each end, and by how much there is more money than before.
#[derive(Debug, Default, PartialEq, Eq)]
struct Takings {
    transfers: BTreeMap<String, i64>,
    holds: BTreeMap<String, i64>,
    gained_minor: i64,
}

impl AddAssign for Takings {
    fn add_assign(&mut self, other: Self) {
        for (kind, count) in other.transfers {
            *self.transfers.entry(kind).or_default() += count;
        }
        for (end, count) in other.holds {
            *self.holds.entry(end).or_default() += count;
        }
        self.gained_minor += other.gained_minor;
    }
}

impl Takings {
    fn note(&mut self, kind: &str, count: usize) {
        let count = i64::try_from(count).expect("a few");
        if count > 0 {
            *self.transfers.entry(kind.to_owned()).or_default() += count;
        }
    }
}

/// Clients who do one errand after the other, and repeat under the same key whatever was not answered.
fn cashiers(clients: impl IntoIterator<Item = Client>, accounts: &[String]) -> Crew<Takings> {
    Crew::start(clients, |number, client, shift| {
        let cashier = Cashier {
            client,
            accounts: accounts.to_vec(),
            name: format!("cashier-{number}"),
            asked: 0,
            dice: Generator::default(),
            takings: Takings::default(),
        };
        cashier.work(shift)
    })
}

struct Cashier {
    client: Client,
    accounts: Vec<String>,
    name: String,
    asked: usize,
    dice: Generator,
    takings: Takings,
}

impl Cashier {
    async fn work(mut self, shift: Shift) -> Takings {
        while !shift.is_over() {
            match self.dice.below(5) {
                0 => self.pay_in().await,
                1 => self.pay_out().await,
                2 => self.post_some().await,
                3 => self.reserve().await,
                _ => self.take_back().await,
            }
            shift.count();
        }
        self.takings
    }

    async fn pay_in(&mut self) {
        let minor = self.some_minor();
        let path = format!("/accounts/{}/deposits", self.someone());
        let body = json!({"amount_minor": minor, "currency": "USD"});
        self.ask(&path, &body).await.expect(201);
        self.takings.note("deposit", 1);
        self.takings.gained_minor += minor;
    }

    async fn pay_out(&mut self) {
        let minor = self.some_minor();
        let path = format!("/accounts/{}/withdrawals", self.someone());
        let body = json!({"amount_minor": minor, "currency": "USD"});
        if self.ask(&path, &body).await.status == 201 {
            self.takings.note("withdrawal", 1);
            self.takings.gained_minor -= minor;
        }
    }

    async fn post_some(&mut self) {
        let transfers: Vec<_> = (0..TOGETHER).map(|_| self.transfer()).collect();
        let mode = ["atomic", "independent"][self.any(2)];
        let body = json!({"mode": mode, "transfers": transfers});
        let answer = self.ask("/transfers/batch", &body).await;
        let told = answer.json();
        let results = told["results"].as_array().map_or(&[][..], Vec::as_slice);
        let alone = results.iter().filter(|it| it["status"] == "posted").count();
        let together = if answer.status == 201 { TOGETHER } else { 0 };
        self.takings.note("transfer", alone + together);
    }

    async fn reserve(&mut self) {
        let transfer = self.transfer();
        let minor = transfer["amount_minor"].as_i64().expect("an amount");
        let body = json!({
            "account_id": transfer["source_account_id"],
            "destination_account_id": transfer["destination_account_id"],
            "amount_minor": minor,
            "currency": "USD",
        });
        let placed = self.ask("/holds", &body).await;
        if placed.status != 201 {
            return;
        }
        let hold = format!("/holds/{}", id_of(&placed));
        let end = if self.any(2) == 0 {
            let part = json!({"amount_minor": 1 + minor / 2});
            self.ask(&format!("{hold}/capture"), &part).await
        } else {
            self.ask(&format!("{hold}/void"), &json!({})).await
        };
        let status = end.expect(200)["status"].as_str().map(str::to_owned);
        let status = status.expect("a hold has a status");
        self.takings
            .note("hold_capture", usize::from(status == "captured"));
        *self.takings.holds.entry(status).or_default() += 1;
    }

    async fn take_back(&mut self) {
        let transfer = self.transfer();
        let posted = self.ask("/transfers", &transfer).await;
        if posted.status != 201 {
            return;
        }
        self.takings.note("transfer", 1);
        let path = format!("/transfers/{}/reverse", id_of(&posted));
        // It cannot be taken back when it has been spent.
        let reversed = self.ask(&path, &json!({})).await.status == 201;
        self.takings.note("reversal", usize::from(reversed));
    }

    /// Asks until it is answered, sometimes once more.
    async fn ask(&mut self, path: &str, body: &Value) -> Answer {
        let key = format!("{}-{}", self.name, self.asked);
        self.asked += 1;
        let answer = answered(&self.client, path, (&key, body)).await;
        if self.any(4) == 0 {
            assert_replayed(&self.client, path, (&key, body), &answer).await;
        }
        answer
    }

    fn any(&mut self, of: usize) -> usize {
        let of = u64::try_from(of).expect("a few");
        usize::try_from(self.dice.below(of)).expect("a few")
    }

    fn some_minor(&mut self) -> i64 {
        1 + i64::try_from(self.dice.below(6_000)).expect("small")
    }

    fn someone(&mut self) -> String {
        let number = self.any(self.accounts.len());
        self.accounts[number].clone()
    }

    fn transfer(&mut self) -> Value {
        let count = self.accounts.len();
        let from = self.any(count);
        let to = (from + 1 + self.any(count - 1)) % count;
        json!({
            "source_account_id": self.accounts[from],
            "destination_account_id": self.accounts[to],
            "amount_minor": self.some_minor(),
            "currency": "USD",
        })
    }
}

fn id_of(answer: &Answer) -> String {
    let id = answer.json()["id"].as_str().map(str::to_owned);
    id.expect("what was made has an id")
}

/// Fails if there is anything in the ledger that was not answered, or the other way round.
async fn audit(database: &Database, accounts: &[String], takings: Takings) {
    let opened = i64::try_from(accounts.len()).expect("a few");
    let mut stored = Takings::default();
    for (kind, count) in counts(database, "kind", "transfers").await {
        if kind != "opening_balance" {
            stored.transfers.insert(kind, count);
        }
    }
    stored.holds = counts(database, "status", "holds").await;
    let there = "SELECT sum(balance_minor)::bigint FROM account_standings JOIN accounts ON id = account_id WHERE system IS NULL";
    stored.gained_minor = database.count(there, &[]).await - opened * OPENING_MINOR;
    assert_eq!(stored, takings, "stored, and answered");
    let held = "SELECT sum(held_minor)::bigint FROM account_standings";
    assert_eq!(database.count(held, &[]).await, 0, "nothing is left held");
    tests::assert_every_change_is_told(database).await;
    tests::verify_ledger(database).await;
}

async fn counts(database: &Database, what: &str, table: &str) -> BTreeMap<String, i64> {
    let sql = format!("SELECT {what}, count(*) FROM {table} GROUP BY 1");
    let rows = database.connect().await.query(&sql, &[]).await;
    let rows = rows.expect("the database is up");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn takings_of(crew: Crew<Takings>) -> Takings {
    let mut all = Takings::default();
    for takings in crew.finish().await {
        all += takings;
    }
    all
}

#[tokio::test]
async fn money_that_moves_in_any_way_survives_kills_of_the_server_at_random_moments() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).on_a_lasting_port().start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let crew = cashiers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    let _service = crew.outlive(service, 6, 30).await;

    audit(&database, &accounts, takings_of(crew).await).await;
}

#[tokio::test]
async fn money_that_moves_in_any_way_moves_once_when_nobody_hears_of_the_commit() {
    let pair = CutOffPair::start().await;
    let crew = cashiers(pair.clients(CLIENTS), &pair.accounts);

    pair.hear_of_little(&crew, 200).await;

    audit(&pair.database, &pair.accounts, takings_of(crew).await).await;
}
