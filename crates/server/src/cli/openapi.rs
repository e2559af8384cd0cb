//! `tallystick openapi`: the contract.

use super::output;

/// Prints the OpenAPI document. Needs neither configuration nor database.
pub(super) fn run() -> anyhow::Result<()> {
    let document = api_actix::openapi().to_pretty_json()?;
    Ok(output::print(&document)?)
}
