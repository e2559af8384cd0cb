use std::sync::Arc;

use domain::{
    ledger::{SystemAccount, TransferAmount, TransferDetails, TransferKind},
    values::Currency,
};

use super::*;
use crate::testing::{
    FakeUnitOfWork, MemoryPostingStore, NOW, ORGANIZATION, SequentialIds, standing,
};

fn request(source: SystemAccount, destination: Party, minor: i64) -> TransferRequest {
    TransferRequest {
        kind: TransferKind::Deposit,
        source: Party::System(source),
        destination,
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails::default(),
    }
}

fn postings(ids: &SequentialIds) -> Postings<'_> {
    Postings {
        organization_id: ORGANIZATION,
        now: NOW.parse().unwrap(),
        ids,
    }
}

#[tokio::test]
async fn the_system_accounts_of_all_transfers_are_asked_for_once_and_written_on_one_page_each() {
    let store = MemoryPostingStore::with([standing(900, 0)]);
    let mut uow = FakeUnitOfWork::default();
    let books = Arc::clone(&store);
    let ask = uow.journal.expect_system_accounts().once();
    ask.returning(move |accounts| {
        let ids = accounts.iter().map(|(_, fresh)| *fresh).collect();
        books.see(|stored| {
            for (account, fresh) in accounts {
                stored.system_account(account, *fresh);
            }
        });
        Ok(ids)
    });
    let mut uow = uow.with_books(&store);
    let to_receivables = |source, minor| {
        let receivables = Party::System(SystemAccount::Receivables);
        request(source, receivables, minor)
    };
    let requests = [
        to_receivables(SystemAccount::Revenue, 100),
        to_receivables(SystemAccount::TaxPayable, 19),
    ];

    let posted = post_within(&requests, postings(&SequentialIds::default()), &mut uow).await;

    let [net, tax] = posted.unwrap().try_into().unwrap();
    assert_eq!(net.order.destination, tax.order.destination);
    assert_eq!(
        store.see(|stored| stored.balance_of(SystemAccount::Receivables)),
        119
    );
}

#[tokio::test]
async fn nothing_is_written_when_one_of_them_cannot_be_posted() {
    let store = MemoryPostingStore::with([standing(900, 0)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let account = Party::Account(standing(900, 0).folio.account_id);
    let requests = [
        request(SystemAccount::External, account.clone(), 5),
        TransferRequest {
            currency: Currency::parse("EUR").unwrap(),
            ..request(SystemAccount::External, account, 5)
        },
    ];

    let refused = post_within(&requests, postings(&SequentialIds::default()), &mut uow).await;

    assert!(matches!(
        refused,
        Err(PostWithinError::Rejected(
            Rejection::CurrencyMismatch { .. }
        ))
    ));
    assert!(store.see(|stored| stored.transfers.is_empty()));
}
