//! Money under fire: servers that are killed while they post.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tests::{Answer, Client, Database, Generator, Setup, Tenant, private_cluster};

use crate::{
    crew::{Crew, Shift},
    load::{answered, assert_replayed},
};

const ACCOUNTS: usize = 20;
pub(crate) const OPENING_MINOR: i64 = 10_000;
const CLIENTS: usize = 8;

/// Payments that are not what their transfers and their histories say, or are there without.
const PAYMENTS_OUT_OF_STEP: &str = "
    SELECT count(*) FROM payments AS p
      FULL JOIN (SELECT * FROM transfers WHERE kind = 'payment') AS t ON t.reference = p.id::text
     WHERE p.amount_minor IS DISTINCT FROM t.amount_minor OR p.status <> 'completed'
        OR p.version <> (SELECT count(*) FROM payment_events AS e WHERE e.payment_id = p.id)
        OR p.version <> (SELECT count(*) FROM outbox AS o WHERE o.aggregate_id = p.id)";

/// Clients that move money, by transfers and by payments, without a pause, and repeat under the same key whatever was not answered. Each tells how many
/// transfers were answered as posted.
pub(crate) fn movers(
    clients: impl IntoIterator<Item = Client>,
    accounts: &[String],
) -> Crew<usize> {
    Crew::start(clients, |number, client, shift| {
        let mover = Mover {
            client,
            accounts: accounts.to_vec(),
            name: format!("mover-{number}"),
            shift,
        };
        mover.work()
    })
}

struct Mover {
    client: Client,
    accounts: Vec<String>,
    name: String,
    shift: Shift,
}

impl Mover {
    async fn work(self) -> usize {
        let mut dice = Generator::default();
        let (mut asked, mut posted) = (0, 0);
        let mut known: Vec<Answered> = Vec::new();
        while !self.shift.is_over() {
            let mut anyone = || usize::try_from(dice.below(20)).expect("small");
            let (from, to) = (anyone(), anyone());
            let mut body = json!({
                "source_account_id": self.accounts[from],
                "destination_account_id": self.accounts[if to == from { (to + 1) % ACCOUNTS } else { to }],
                "amount_minor": 1 + dice.below(3_000),
                "currency": "USD",
            });
            let key = format!("{}-{asked}", self.name);
            asked += 1;
            let mut path = "/transfers";
            if dice.below(2) == 0 {
                path = "/payments";
                body["payment_type"] = json!("internal_transfer");
            }
            let answer = answered(&self.client, path, (&key, &body)).await;
            posted += usize::from(answer.status == 201);
            known.push((path, key, body, answer));
            if dice.below(4) == 0 {
                let any = dice.below(u64::try_from(known.len()).expect("few"));
                let (path, key, body, answer) = &known[usize::try_from(any).expect("few")];
                assert_replayed(&self.client, path, (key, body), answer).await;
            }
            self.shift.count();
        }
        posted
    }
}

/// What was asked for at a path, under a key, and the answer.
type Answered = (&'static str, String, Value, Answer);

pub(crate) async fn open_accounts(client: &Client) -> Vec<String> {
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        let body = json!({
            "owner": format!("owner-{number}"),
            "name": "Wallet",
            "currency": "USD",
            "initial_balance_minor": OPENING_MINOR,
        });
        let opened = client.post("/accounts", &body);
        let opened = opened.idempotency_key(&format!("open-{number}")).await;
        let id = opened.expect(201)["id"].as_str().map(str::to_owned);
        accounts.push(id.expect("an account has an id"));
    }
    accounts
}

/// Fails if a cent is missing, or a transfer that was answered, or there is one that nobody asked for.
pub(crate) async fn audit(
    client: &Client,
    database: &Database,
    accounts: &[String],
    posted: usize,
) {
    let count = database
        .count(
            "SELECT count(*) FROM transfers WHERE kind IN ('transfer', 'payment')",
            &[],
        )
        .await;
    let stored = usize::try_from(count).expect("a count");
    tests::note_audit(posted.saturating_sub(stored), stored.saturating_sub(posted));
    assert_eq!(stored, posted, "each answer is one transfer");
    let unpaid = database.count(PAYMENTS_OUT_OF_STEP, &[]).await;
    assert_eq!(unpaid, 0, "each payment has its transfer and its history");
    let mut sum = 0;
    for account in accounts {
        let balance = client
            .get(&format!("/accounts/{account}/balance"))
            .await
            .expect(200);
        let balance_minor = balance["balance_minor"].as_i64().expect("a balance");
        assert!(balance_minor >= 0, "{balance}");
        sum += balance_minor;
    }
    let opened = i64::try_from(accounts.len()).expect("small") * OPENING_MINOR;
    assert_eq!(sum, opened, "money is neither made nor lost");
    tests::assert_every_change_is_told(database).await;
    let progress = tests::verify_ledger(database).await;
    assert!(
        progress.iter().all(|it| it.contains("looked at ")) && !progress.is_empty(),
        "{progress:?}"
    );
}

#[tokio::test]
async fn transfers_survive_kills_of_the_server_at_random_moments() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).on_a_lasting_port().start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    let service = movers.outlive(service, 6, 40).await;
    let posted = movers.finish().await.into_iter().sum();

    audit(&tenant.at(&service), &database, &accounts, posted).await;
}

#[tokio::test]
async fn transfers_survive_the_end_of_their_connections() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    for _ in 0..12 {
        movers.make_progress(20).await;
        database
            .count(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = 'tallystick'",
                &[],
            )
            .await;
    }
    let posted = movers.finish().await.into_iter().sum();

    audit(&tenant.at(&service), &database, &accounts, posted).await;
}

#[tokio::test]
async fn two_servers_on_one_ledger_keep_it_together_while_one_is_killed() {
    let database = Database::fresh().await;
    let steady = Setup::on(&database).start().await;
    let other = Setup::on(&database).on_a_lasting_port().start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&steady)).await;
    let at_both = (0..CLIENTS).map(|number| {
        let service = if number % 2 == 0 { &steady } else { &other };
        tenant.at(service)
    });
    let movers = movers(at_both, &accounts);

    let _other = movers.outlive(other, 3, 60).await;
    let posted = movers.finish().await.into_iter().sum();

    audit(&tenant.at(&steady), &database, &accounts, posted).await;
}

#[tokio::test]
async fn transfers_survive_back_ends_that_are_killed_and_take_all_others_along() {
    let cluster = private_cluster().await;
    let database = Database::of(&cluster);
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    for _ in 0..4 {
        movers.make_progress(40).await;
        let victim = database
            .count(
                "SELECT max(pid)::bigint FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = 'tallystick'",
                &[],
            )
            .await;
        let victim = i32::try_from(victim).ok().and_then(Pid::from_raw);
        kill_process(victim.expect("a process id"), Signal::KILL).expect("it is ours");
    }
    movers.make_progress(40).await;
    let posted = movers.finish().await.into_iter().sum();

    audit(&tenant.at(&service), &database, &accounts, posted).await;
}
