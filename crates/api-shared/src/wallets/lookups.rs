//! Users that requests name, and what is to be moved between their wallets.

use std::sync::Arc;

use app::{
    ledger::{AccountState, Ask, Party},
    paging::{Listing, Total, Window},
    wallets::ShownUser,
};
use domain::{
    ids::{OrganizationId, UserId},
    ledger::{SystemAccount, TransferKind},
    wallets::{UserFacts, Username},
};

use super::{Payment, WalletMovement, WalletUseCases};
use crate::problem::{
    Refusal,
    catalogue::{NOT_FOUND, USER_NOT_FOUND},
};

const OUTSIDE: Party = Party::System(SystemAccount::External);

impl WalletUseCases {
    /// The user of an id, closed or not.
    pub async fn known_user(
        &self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Arc<UserFacts>, Refusal> {
        let found = self.directory.find(organization_id, id).await?;
        found.ok_or_else(|| Refusal::of(&NOT_FOUND).because(format!("there is no user {id}")))
    }

    /// The piece of a list that has the user of a name, unless that one is closed.
    pub async fn list_named(
        &self,
        organization_id: OrganizationId,
        username: &Username,
        window: Window,
    ) -> Result<Listing<ShownUser>, Refusal> {
        let found = self
            .directory
            .find_by_username(organization_id, username)
            .await?;
        let open = found.filter(|facts| facts.closed_at.is_none());
        let total = Total {
            rows: u32::from(open.is_some()),
            is_exact: true,
        };
        let rows = match open.filter(|_| is_first(window)) {
            Some(facts) => vec![self.directory.show(&facts)?],
            None => Vec::new(),
        };
        Ok(Listing {
            rows,
            next: None,
            total: Some(total),
        })
    }

    /// What is on the wallet of a user.
    pub async fn wallet(
        &self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<AccountState, Refusal> {
        let facts = self.known_user(organization_id, id).await?;
        let account_id = facts.registration.wallet.account_id;
        let found = self.accounts.find(organization_id, account_id).await?;
        let unknown =
            || Refusal::of(&NOT_FOUND).because(format!("there is no account {account_id}"));
        found.ok_or_else(unknown)
    }

    /// The transfer that a deposit into a wallet is.
    pub async fn deposit(
        &self,
        organization_id: OrganizationId,
        id: UserId,
        movement: WalletMovement,
    ) -> Result<Ask, Refusal> {
        let user = self.known_user(organization_id, id).await?;
        let wallet = user.registration.wallet;
        let parties = [OUTSIDE, Party::Account(wallet.account_id)];
        Ok(movement.between(parties, TransferKind::Deposit, wallet))
    }

    /// The transfer that a withdrawal from a wallet is.
    pub async fn withdrawal(
        &self,
        organization_id: OrganizationId,
        id: UserId,
        movement: WalletMovement,
    ) -> Result<Ask, Refusal> {
        let user = self.known_user(organization_id, id).await?;
        let wallet = user.registration.wallet;
        let parties = [Party::Account(wallet.account_id), OUTSIDE];
        Ok(movement.between(parties, TransferKind::Withdrawal, wallet))
    }

    /// The transfer that a payment of one user to another is.
    pub async fn payment(
        &self,
        organization_id: OrganizationId,
        payment: Payment,
    ) -> Result<Ask, Refusal> {
        let from = self.named_user(organization_id, &payment.from).await?;
        let to = self.named_user(organization_id, &payment.to).await?;
        let wallet = from.registration.wallet;
        let parties = [wallet, to.registration.wallet].map(|it| Party::Account(it.account_id));
        Ok(payment
            .movement
            .between(parties, TransferKind::Transfer, wallet))
    }

    /// The user of a name. A closed one as well: the ledger refuses to move what is on a closed wallet, and a repeated
    /// request finds what it found before.
    async fn named_user(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Result<Arc<UserFacts>, Refusal> {
        let found = self
            .directory
            .find_by_username(organization_id, username)
            .await?;
        let unknown = || format!("there is no user {}", username.as_str());
        found.ok_or_else(|| Refusal::of(&USER_NOT_FOUND).because(unknown()))
    }
}

/// Whether a piece of a list is the one that begins it.
fn is_first(window: Window) -> bool {
    match window {
        Window::After { position, .. } => position.is_none(),
        Window::Page { number, .. } => number.get() == 1,
    }
}
