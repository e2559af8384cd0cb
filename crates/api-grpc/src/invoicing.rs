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

use async_trait::async_trait;
use domain::platform::{Access, Resource, Scope};
use tonic::{Request, Response, Status};

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

#[async_trait]
impl InvoiceService for Invoices {
    async fn create_invoice(
        &self,
        request: Request<CreateInvoiceRequest>,
    ) -> Result<Response<CreateInvoiceResponse>, Status> {
        let serve = create_invoice::create_invoice;
        self.0.answer(request, WRITE, serve).await
    }

    async fn get_invoice(
        &self,
        request: Request<GetInvoiceRequest>,
    ) -> Result<Response<GetInvoiceResponse>, Status> {
        self.0.answer(request, READ, get_invoice::get_invoice).await
    }

    async fn list_invoices(
        &self,
        request: Request<ListInvoicesRequest>,
    ) -> Result<Response<ListInvoicesResponse>, Status> {
        let serve = list_invoices::list_invoices;
        self.0.answer(request, READ, serve).await
    }

    async fn update_invoice(
        &self,
        request: Request<UpdateInvoiceRequest>,
    ) -> Result<Response<UpdateInvoiceResponse>, Status> {
        let serve = update_invoice::update_invoice;
        self.0.answer(request, WRITE, serve).await
    }

    async fn change_status(
        &self,
        request: Request<ChangeStatusRequest>,
    ) -> Result<Response<ChangeStatusResponse>, Status> {
        let serve = change_status::change_status;
        self.0.answer(request, WRITE, serve).await
    }

    async fn delete_invoice(
        &self,
        request: Request<DeleteInvoiceRequest>,
    ) -> Result<Response<DeleteInvoiceResponse>, Status> {
        let serve = delete_invoice::delete_invoice;
        self.0.answer(request, WRITE, serve).await
    }
}
