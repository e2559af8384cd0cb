//! Who calls, and what they may do.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    rc::Rc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use app::platform::AuthenticatedKey;
use domain::{
    actor::Actor,
    ids::OrganizationId,
    platform::{Access, Grant, Resource, Scope},
};

use crate::{
    gate::Visit,
    problem::{
        Problem,
        catalogue::{INSUFFICIENT_SCOPE, UNAUTHENTICATED},
    },
};

/// What an endpoint asks a key to be allowed.
pub trait Permission: 'static {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident => $resource:ident $access:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Permission for $name {
            const SCOPE: Scope = Scope::Of(Resource::$resource, Access::$access);
        }
    )+};
}

permissions! {
    /// `customers:read`
    ReadCustomers => Customers Read;
    /// `customers:write`
    WriteCustomers => Customers Write;
    /// `invoices:read`
    ReadInvoices => Invoices Read;
    /// `invoices:write`
    WriteInvoices => Invoices Write;
    /// `accounts:read`
    ReadAccounts => Accounts Read;
    /// `accounts:write`
    WriteAccounts => Accounts Write;
    /// `transfers:read`
    ReadTransfers => Transfers Read;
    /// `transfers:write`
    WriteTransfers => Transfers Write;
    /// `events:read`
    ReadEvents => Events Read;
    /// `keys:read`
    ReadKeys => Keys Read;
    /// `keys:write`
    WriteKeys => Keys Write;
    /// `organization:read`
    ReadOrganization => Organization Read;
    /// `organization:write`
    WriteOrganization => Organization Write;
    /// `payments:read`
    ReadPayments => Payments Read;
    /// `payments:write`
    WritePayments => Payments Write;
    /// `users:read`
    ReadUsers => Users Read;
    /// `users:write`
    WriteUsers => Users Write;
    /// `vouchers:read`
    ReadVouchers => Vouchers Read;
    /// `vouchers:write`
    WriteVouchers => Vouchers Write;
    /// `webhooks:read`
    ReadWebhooks => Webhooks Read;
    /// `webhooks:write`
    WriteWebhooks => Webhooks Write;
}

/// A caller whose key has the scope of `P`. Take it first of all extractors: then 401 and 403 come before 400.
pub struct Caller<P> {
    key: Rc<AuthenticatedKey>,
    permission: PhantomData<P>,
}

impl<P> Caller<P> {
    /// Whose data it is about.
    pub fn organization_id(&self) -> OrganizationId {
        self.key.organization_id
    }

    /// What its key has.
    pub fn grant(&self) -> &Grant {
        &self.key.grant
    }

    /// On whose behalf commands run.
    pub fn acting(&self) -> app::platform::Caller {
        app::platform::Caller {
            organization_id: self.key.organization_id,
            actor: Actor::ApiKey(self.key.key_id),
        }
    }
}

impl<P: Permission> Caller<P> {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let key = Visit::of(request).and_then(|visit| visit.key());
        let key = key.ok_or_else(|| Problem::of(&UNAUTHENTICATED))?;
        if key.grant.scopes.allow(P::SCOPE) {
            Ok(Self {
                key,
                permission: PhantomData,
            })
        } else {
            let detail = format!("the API key lacks the scope {}", P::SCOPE);
            Err(Problem::of(&INSUFFICIENT_SCOPE).because(detail))
        }
    }
}

impl<P: Permission> FromRequest for Caller<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
