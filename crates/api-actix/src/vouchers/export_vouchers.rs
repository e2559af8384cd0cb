//! `GET /api/v1/campaigns/{id}/vouchers.csv`

use std::sync::Arc;

use actix_web::{HttpResponse, get, http::header, web};
use app::ports::{StorageError, VoucherExport};
use bytes::Bytes;
use domain::{
    ids::{CampaignId, OrganizationId, VoucherId},
    vouchers::VoucherFacts,
};
use futures_util::{Stream, stream};

use super::sheet;
use crate::{
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Export the vouchers of a campaign
///
/// As CSV (RFC 4180), in the order in which they were issued. A value that a spreadsheet would take for a formula (a code may
/// begin with `-`) has a `'` before it. Vouchers that are issued meanwhile may be missing; if the connection breaks off, the
/// list is not whole.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "exportVouchers",
    security(("api_key" = ["vouchers:read"])),
    responses((
        status = 200,
        description = "The vouchers",
        body = String,
        content_type = "text/csv",
        headers(("Content-Disposition" = String, description = "That it is a file, and its name")),
    ))
)]
#[get("/campaigns/{id}/vouchers.csv")]
pub(super) async fn export_vouchers(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<HttpResponse, Problem> {
    let id = request.read(|input| input.id("id", CampaignId::from_uuid))?;
    let of = (caller.organization_id(), id);
    let found = api.vouchers.queries.find_campaign(of.0, of.1).await?;
    found.ok_or_else(|| Problem::of(&NOT_FOUND).because(format!("there is no campaign {id}")))?;
    let export = Export {
        vouchers: api.vouchers.export.clone(),
        of,
        place: Place::Beginning,
    };
    let name = format!("attachment; filename=\"vouchers-{id}.csv\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(export.pieces()))
}

#[derive(Clone, Copy)]
enum Place {
    Beginning,
    Behind(Option<VoucherId>),
    End,
}

/// Somebody who reads all vouchers of a campaign, and where they are. The next piece is fetched when the client has room for
/// it: however slow it is, one piece is in memory, and no connection is held meanwhile.
struct Export {
    vouchers: Arc<dyn VoucherExport>,
    of: (OrganizationId, CampaignId),
    place: Place,
}

impl Export {
    fn pieces(self) -> impl Stream<Item = Result<Bytes, StorageError>> {
        stream::try_unfold(self, |mut export| async move {
            let piece = export.next().await?;
            Ok(piece.map(|piece| (piece, export)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, StorageError> {
        match self.place {
            Place::Beginning => {
                self.place = Place::Behind(None);
                Ok(Some(Bytes::from_static(sheet::HEAD.as_bytes())))
            }
            Place::Behind(last) => {
                let found = self.vouchers.list_after(self.of, last).await;
                let vouchers = found.inspect_err(|why| {
                    let why: &dyn std::error::Error = why;
                    tracing::warn!(error = why, "an export of vouchers broke off");
                })?;
                self.place = vouchers.last().map_or(Place::End, behind);
                Ok((!vouchers.is_empty()).then(|| sheet::lines_of(&vouchers).into()))
            }
            Place::End => Ok(None),
        }
    }
}

const fn behind(voucher: &VoucherFacts) -> Place {
    Place::Behind(Some(voucher.id))
}
