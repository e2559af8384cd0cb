//! `GET /api/v1/vouchers/{code}/qr.svg`

use actix_web::{get, web};
use domain::vouchers::VoucherCode;
use qrcode::{EcLevel, QrCode, render::svg, types::QrError};

use super::guessing::{code_in_path, guarded};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{
        Problem,
        catalogue::{INTERNAL_ERROR, NOT_FOUND},
    },
    schemas,
};

/// Get the QR code of a voucher
///
/// A picture of its code: `POST /vouchers/scan` takes what a scanner reads in it.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "drawVoucher",
    security(("api_key" = ["vouchers:read"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    responses(
        (
            status = 200,
            description = "The picture",
            body = String,
            content_type = "image/svg+xml",
        ),
        Refusals,
    )
)]
#[get("/vouchers/{code}/qr.svg")]
pub(super) async fn draw_voucher(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let code = request.read(code_in_path)?;
    guarded(&api, &caller, &code, async {
        let queries = &api.vouchers.queries;
        let found = queries.find(caller.organization_id(), &code).await?;
        let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no voucher {code}"));
        let voucher = found.ok_or_else(unknown)?;
        let drawn = draw(&voucher.code);
        let drawn = drawn.map_err(|why| Problem::of(&INTERNAL_ERROR).caused_by(&why))?;
        Ok(Answer::picture("image/svg+xml", drawn))
    })
    .await
}

/// With a quiet zone around it, and readable with a sixth of it soiled.
fn draw(code: &VoucherCode) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(code.as_str(), EcLevel::M)?;
    let mut picture = code.render::<svg::Color<'_>>();
    Ok(picture.min_dimensions(256, 256).build())
}

crate::openapi::refusals!(Refusals: TOO_MANY_GUESSES);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How many pixels wide and high a module is.
    const MODULE: usize = 8;

    /// What a scanner reads.
    fn scanned(code: &VoucherCode) -> String {
        let drawn = QrCode::with_error_correction_level(code.as_str(), EcLevel::M).unwrap();
        let (wide, quiet) = (drawn.width(), 4);
        let colors = drawn.to_colors();
        let side = (wide + 2 * quiet) * MODULE;
        let pixel = |x: usize, y: usize| {
            let place = |it: usize| (it / MODULE).checked_sub(quiet).filter(|it| *it < wide);
            let module = place(x).zip(place(y)).map(|(x, y)| colors[y * wide + x]);
            module.map_or(255, |it| it.select(0, 255))
        };
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, pixel);
        let grids = picture.detect_grids();
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_picture_is_svg_and_has_a_quiet_zone() {
        let drawn = draw(&VoucherCode::parse("SUMMER-26").unwrap()).unwrap();

        assert!(drawn.starts_with("<?xml"));
        assert!(drawn.contains("<svg"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_scanner_reads_the_code(raw in "[A-Z0-9-]{3,39}[A-Z0-9]") {
            let code = VoucherCode::parse(&raw).unwrap();

            prop_assert_eq!(scanned(&code), code.as_str());
        }
    }
}
