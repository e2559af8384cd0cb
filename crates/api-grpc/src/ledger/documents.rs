//! Requests about the ledger as documents.

use std::borrow::Cow;

use api_shared::input::Json;

use crate::{
    document::{Asks, Document, Parameters},
    proto::v1::{
        AccountStatus, BatchMode, CaptureHoldRequest, CreateDepositRequest,
        CreateTransferBatchRequest, CreateTransferRequest, CreateWithdrawalRequest, EntryDirection,
        GetAccountBalanceRequest, GetAccountRequest, GetHoldRequest, GetLedgerInvariantsRequest,
        GetTransferRequest, GetTrialBalanceRequest, HoldStatus, ListAccountTransactionsRequest,
        ListAccountsRequest, ListHoldsRequest, ListTransfersRequest, NewTransfer,
        OpenAccountRequest, PlaceHoldRequest, ReverseTransferRequest, TransferKind,
        UpdateAccountRequest, VoidHoldRequest,
    },
};

impl Asks for GetLedgerInvariantsRequest {}

impl Asks for GetAccountRequest {}

impl Asks for GetTransferRequest {}

impl Asks for GetHoldRequest {}

impl Asks for VoidHoldRequest {}

impl Asks for OpenAccountRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("owner", self.owner.as_ref())
            .text("currency", self.currency.as_ref())
            .text("name", self.name.as_ref())
            .number("overdraft_limit_minor", self.overdraft_limit_minor)
            .number("initial_balance_minor", self.initial_balance_minor)
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for UpdateAccountRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("name", self.name.as_ref())
            .number("overdraft_limit_minor", self.overdraft_limit_minor)
            .word::<AccountStatus>("status", self.status)
            .metadata(&self.metadata)
            .masked(self.update_mask.as_ref())
    }
}

impl Asks for ListAccountsRequest {
    const LIST: &'static str = "/api/v1/accounts";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("owner", self.owner.as_ref())
            .text("currency", self.currency.as_ref())
            .words::<AccountStatus>("status", &[self.status])
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for GetAccountBalanceRequest {
    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default().instant("at", self.at.as_ref()).all()
    }
}

/// What is to be moved, and what for: the same fields in all messages that move money.
macro_rules! details {
    ($message:expr) => {
        $crate::document::Document::default()
            .number("amount_minor", $message.amount_minor)
            .text("currency", $message.currency.as_ref())
            .text("description", $message.description.as_ref())
            .text("reference", $message.reference.as_ref())
            .metadata(&$message.metadata)
    };
}
pub(crate) use details;

/// The same between two accounts.
macro_rules! transfer {
    ($message:expr) => {
        details!($message)
            .text("source_account_id", $message.source_account_id.as_ref())
            .text(
                "destination_account_id",
                $message.destination_account_id.as_ref(),
            )
            .whole()
    };
}

impl Asks for CreateTransferRequest {
    fn body(&self) -> Json {
        transfer!(self)
    }
}

impl Asks for CreateTransferBatchRequest {
    fn body(&self) -> Json {
        let transfer = |transfer: &NewTransfer| transfer!(transfer);
        Document::default()
            .word::<BatchMode>("mode", self.mode)
            .list("transfers", &self.transfers, transfer)
            .whole()
    }
}

impl Asks for CreateDepositRequest {
    fn body(&self) -> Json {
        details!(self).whole()
    }
}

impl Asks for CreateWithdrawalRequest {
    fn body(&self) -> Json {
        details!(self).whole()
    }
}

impl Asks for ReverseTransferRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("description", self.description.as_ref())
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for ListTransfersRequest {
    const LIST: &'static str = "/api/v1/transfers";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("account_id", self.account_id.as_ref())
            .text("reference", self.reference.as_ref())
            .words::<TransferKind>("kind", &[self.kind])
            .instant("from", self.from.as_ref())
            .instant("to", self.to.as_ref())
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for PlaceHoldRequest {
    fn body(&self) -> Json {
        details!(self)
            .text("account_id", self.account_id.as_ref())
            .text(
                "destination_account_id",
                self.destination_account_id.as_ref(),
            )
            .number("expires_in_seconds", self.expires_in_seconds)
            .whole()
    }
}

impl Asks for CaptureHoldRequest {
    fn body(&self) -> Json {
        Document::default()
            .number("amount_minor", self.amount_minor)
            .whole()
    }
}

impl Asks for ListAccountTransactionsRequest {
    fn list(&self) -> Cow<'static, str> {
        Cow::Owned(format!("/api/v1/accounts/{}/transactions", self.id))
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .instant("from", self.from.as_ref())
            .instant("to", self.to.as_ref())
            .words::<TransferKind>("kind", &[self.kind])
            .words::<EntryDirection>("direction", &[self.direction])
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for ListHoldsRequest {
    const LIST: &'static str = "/api/v1/holds";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("account_id", self.account_id.as_ref())
            .words::<HoldStatus>("status", &[self.status])
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for GetTrialBalanceRequest {
    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("after", self.after.as_ref())
            .number("limit", self.limit)
            .all()
    }
}
