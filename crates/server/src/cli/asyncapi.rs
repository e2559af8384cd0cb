//! `tallystick asyncapi`: the contract of events.

use super::output;

/// Prints the AsyncAPI document. Needs neither configuration nor database.
pub(super) fn run() -> anyhow::Result<()> {
    let document = serde_json::to_string_pretty(&api_actix::asyncapi())?;
    Ok(output::print(&document)?)
}
