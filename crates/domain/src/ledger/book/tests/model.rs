//! Whatever is asked of a book, it answers as a ledger does that looks everything up in its history.

use proptest::prelude::*;

use super::*;

/// Pages 0 to 7 are there, and 8 is not.
const PAGES: u128 = 8;

/// What may be asked for.
#[derive(Debug, Clone)]
enum Command {
    Post(TransferOrder),
    PostAll(Vec<TransferOrder>),
    Reserve(TransferOrder),
    Release(Folio, TransferAmount),
}

/// A ledger as plain as can be: it keeps what happened, and adds it up whenever it has to know.
#[derive(Clone)]
struct Model {
    pages: Vec<Standing>,
    entries: Vec<(Folio, i64)>,
    holds: Vec<(Folio, i64)>,
}

impl Model {
    fn of(pages: &[Standing]) -> Self {
        Self {
            pages: pages.to_vec(),
            entries: Vec::new(),
            holds: Vec::new(),
        }
    }

    fn page(&self, folio: Folio) -> Option<&Standing> {
        self.pages.iter().find(|page| page.folio == folio)
    }

    fn balance(&self, page: &Standing) -> i128 {
        i128::from(page.balance_minor) + sum(&self.entries, page.folio)
    }

    fn held(&self, page: &Standing) -> i128 {
        i128::from(page.held_minor) + sum(&self.holds, page.folio)
    }

    /// Why a page takes no part.
    fn why_not(&self, folio: Folio, order: &TransferOrder) -> Option<&'static str> {
        let Some(page) = self.page(folio) else {
            return Some("account_not_found");
        };
        match page.status {
            _ if page.organization_id != order.organization_id => Some("account_not_found"),
            AccountStatus::Closed => Some("account_closed"),
            AccountStatus::Frozen => Some("account_frozen"),
            AccountStatus::Active if page.currency != order.currency => Some("currency_mismatch"),
            AccountStatus::Active => None,
        }
    }

    fn why_not_reserved(&self, order: &TransferOrder) -> Option<&'static str> {
        if order.source == order.destination {
            return Some("same_account");
        }
        let parties = [order.source, order.destination];
        let unfit = parties.iter().find_map(|it| self.why_not(*it, order));
        let needed = i128::from(order.amount.as_minor());
        unfit.or_else(|| {
            let source = self.page(order.source)?;
            let limit = i128::from(source.overdraft_limit.as_minor()?);
            let is_enough = self.balance(source) - self.held(source) - needed >= -limit;
            (!is_enough).then_some("insufficient_funds")
        })
    }

    fn why_not_posted(&self, order: &TransferOrder) -> Option<&'static str> {
        let needed = i128::from(order.amount.as_minor());
        let would_be = |folio, change| Some(self.balance(self.page(folio)?) + change);
        self.why_not_reserved(order).or_else(|| {
            let after = [
                would_be(order.source, -needed)?,
                would_be(order.destination, needed)?,
            ];
            let carried = -i128::from(AMOUNT_MINOR_MAX)..=i128::from(AMOUNT_MINOR_MAX);
            let is_carried = after.iter().all(|balance| carried.contains(balance));
            (!is_carried).then_some("amount_out_of_range")
        })
    }

    fn post(&mut self, order: &TransferOrder) -> &'static str {
        let why_not = self.why_not_posted(order);
        if why_not.is_none() {
            let minor = order.amount.as_minor();
            self.entries.push((order.source, -minor));
            self.entries.push((order.destination, minor));
        }
        why_not.unwrap_or("done")
    }

    fn post_all(&mut self, orders: &[TransferOrder]) -> Vec<&'static str> {
        let mut tentative = self.clone();
        let told: Vec<_> = orders.iter().map(|order| tentative.post(order)).collect();
        if told.iter().all(|word| *word == "done") {
            *self = tentative;
        }
        told
    }

    fn carry_out(&mut self, command: &Command) -> Vec<&'static str> {
        match command {
            Command::Post(order) => vec![self.post(order)],
            Command::PostAll(orders) => self.post_all(orders),
            Command::Reserve(order) => {
                let why_not = self.why_not_reserved(order);
                if why_not.is_none() {
                    self.holds.push((order.source, order.amount.as_minor()));
                }
                vec![why_not.unwrap_or("done")]
            }
            Command::Release(folio, amount) => {
                let minor = amount.as_minor();
                let held = self.page(*folio).map_or(0, |page| self.held(page));
                let is_held = held >= i128::from(minor);
                if is_held {
                    self.holds.push((*folio, -minor));
                }
                vec![if is_held { "done" } else { "less is held" }]
            }
        }
    }
}

fn sum(moved: &[(Folio, i64)], folio: Folio) -> i128 {
    let there = moved.iter().filter(|(at, _)| *at == folio);
    there.map(|(_, minor)| i128::from(*minor)).sum()
}

/// Says of each order what became of it.
fn carry_out(book: &mut Book, command: &Command) -> Vec<&'static str> {
    let word = |result: Result<(), Rejection>| result.map_or_else(|why| why.code(), |()| "done");
    match command {
        Command::Post(order) => vec![word(book.post(order, at(1)).map(drop))],
        Command::PostAll(orders) => {
            let mut told = vec!["done"; orders.len()];
            for (place, why) in book.post_all(orders, at(1)).err().unwrap_or_default() {
                told[place] = why.code();
            }
            told
        }
        Command::Reserve(order) => vec![word(book.reserve(order))],
        Command::Release(folio, amount) => {
            let is_released = book.release(*folio, *amount);
            vec![if is_released { "done" } else { "less is held" }]
        }
    }
}

fn some_currency() -> impl Strategy<Value = Currency> {
    prop_oneof![9 => Just("USD"), 1 => Just("EUR")].prop_map(|code| Currency::parse(code).unwrap())
}

/// Small ones, which meet each other, and the largest, which meet the end of the scale.
fn some_minor() -> impl Strategy<Value = i64> {
    prop_oneof![9 => 1_i64..700, 1 => (AMOUNT_MINOR_MAX - 700)..=AMOUNT_MINOR_MAX]
}

fn some_page(number: u128) -> impl Strategy<Value = Standing> {
    let status = prop_oneof![
        8 => Just(AccountStatus::Active),
        1 => Just(AccountStatus::Frozen),
        1 => Just(AccountStatus::Closed)
    ];
    let limit = prop_oneof![
        6 => Just(OverdraftLimit::NONE),
        2 => some_minor().prop_map(OverdraftLimit::Minor),
        1 => Just(OverdraftLimit::Unlimited)
    ];
    let owner = prop_oneof![19 => Just(1), 1 => Just(2)].prop_map(organization);
    let (balance, held) = (some_minor(), 0_i64..300);
    let parts = (some_currency(), status, limit, owner, balance, held);
    parts.prop_map(
        move |(currency, status, overdraft_limit, organization_id, balance_minor, held)| Standing {
            currency,
            status,
            overdraft_limit,
            organization_id,
            held_minor: held.min(balance_minor),
            ..standing(number, balance_minor)
        },
    )
}

fn some_order() -> impl Strategy<Value = TransferOrder> {
    let parts = (0..=PAGES, 0..=PAGES, some_minor(), some_currency());
    parts.prop_map(|(source, destination, minor, currency)| TransferOrder {
        currency,
        ..order(source, destination, minor)
    })
}

fn some_command() -> impl Strategy<Value = Command> {
    let amount = some_minor().prop_map(|minor| TransferAmount::from_minor(minor).unwrap());
    prop_oneof![
        6 => some_order().prop_map(Command::Post),
        2 => prop::collection::vec(some_order(), 0..6).prop_map(Command::PostAll),
        2 => some_order().prop_map(Command::Reserve),
        1 => (0..=PAGES, amount).prop_map(|(page, amount)| Command::Release(folio(page), amount)),
    ]
}

proptest! {
    #[test]
    fn a_batch_is_the_same_as_one_at_a_time(
        pages in (0..PAGES).map(some_page).collect::<Vec<_>>(),
        commands in prop::collection::vec(some_command(), 0..150),
    ) {
        let (mut book, mut model) = (Book::new(pages.iter().copied()), Model::of(&pages));

        for command in &commands {
            prop_assert_eq!(carry_out(&mut book, command), model.carry_out(command), "{:?}", command);
        }

        for page in &pages {
            let stands = book.standing(page.folio).unwrap();
            let entries = model.entries.iter().filter(|(at, _)| *at == page.folio).count();
            prop_assert_eq!(i128::from(stands.balance_minor), model.balance(page));
            prop_assert_eq!(i128::from(stands.held_minor), model.held(page));
            prop_assert_eq!(stands.last_sequence, i64::try_from(entries).unwrap());
        }
        let before: i128 = pages.iter().map(|page| i128::from(page.balance_minor)).sum();
        let after: i128 = book.standings().map(|page| i128::from(page.balance_minor)).sum();
        prop_assert_eq!(after, before);
    }
}
