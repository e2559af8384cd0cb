//! `tallystick.v1.InvoiceService`

mod change_status;
mod create_invoice;
mod delete_invoice;
mod documents;
mod get_invoice;
mod list_invoices;
mod shown;
mod update_invoice;

use std::sync::Arc;

use domain::platform::{Access, Resource, Scope};

pub(crate) use self::shown::changed;
use crate::{
    api::GrpcApi,
    proto::v1::{
        ChangeStatusRequest, ChangeStatusResponse, CreateInvoiceRequest, CreateInvoiceResponse,
        DeleteInvoiceRequest, DeleteInvoiceResponse, GetInvoiceRequest, GetInvoiceResponse,
        ListInvoicesRequest, ListInvoicesResponse, UpdateInvoiceRequest, UpdateInvoiceResponse,
        invoice_service_server::InvoiceService,
    },
};

const READ: Scope = Scope::Of(Resource::Invoices, Access::Read);
const WRITE: Scope = Scope::Of(Resource::Invoices, Access::Write);

/// Invoices.
pub(crate) struct Invoices(pub(crate) Arc<GrpcApi>);

crate::services::rpcs! {InvoiceService for Invoices {
    create_invoice(CreateInvoiceRequest) -> CreateInvoiceResponse, WRITE, create_invoice::create_invoice;
    get_invoice(GetInvoiceRequest) -> GetInvoiceResponse, READ, get_invoice::get_invoice;
    list_invoices(ListInvoicesRequest) -> ListInvoicesResponse, READ, list_invoices::list_invoices;
    update_invoice(UpdateInvoiceRequest) -> UpdateInvoiceResponse, WRITE, update_invoice::update_invoice;
    change_status(ChangeStatusRequest) -> ChangeStatusResponse, WRITE, change_status::change_status;
    delete_invoice(DeleteInvoiceRequest) -> DeleteInvoiceResponse, WRITE, delete_invoice::delete_invoice;
}}
