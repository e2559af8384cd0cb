//! Requests about users as documents.

use api_shared::input::Json;

use crate::{
    document::{Asks, Document, Parameters},
    ledger::details,
    proto::v1::{
        CreateUserRequest, CreateWalletDepositRequest, CreateWalletTransferRequest,
        CreateWalletWithdrawalRequest, DeleteUserRequest, GetUserRequest, GetWalletRequest,
        ListUsersRequest, UpdateUserRequest,
    },
};

impl Asks for GetUserRequest {}

impl Asks for DeleteUserRequest {}

impl Asks for GetWalletRequest {}

impl Asks for CreateUserRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("username", self.username.as_ref())
            .text("name", self.name.as_ref())
            .text("dni", self.dni.as_ref())
            .text("currency", self.currency.as_ref())
            .whole()
    }
}

impl Asks for UpdateUserRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("name", self.name.as_ref())
            .masked(self.update_mask.as_ref())
    }
}

impl Asks for ListUsersRequest {
    const LIST: &'static str = "/api/v1/users";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("username", self.username.as_ref())
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for CreateWalletDepositRequest {
    fn body(&self) -> Json {
        details!(self).whole()
    }
}

impl Asks for CreateWalletWithdrawalRequest {
    fn body(&self) -> Json {
        details!(self).whole()
    }
}

impl Asks for CreateWalletTransferRequest {
    fn body(&self) -> Json {
        details!(self)
            .text("from_username", self.from_username.as_ref())
            .text("to_username", self.to_username.as_ref())
            .whole()
    }
}
