//! Vouchers: campaigns, codes, and what is redeemed of them.

mod applicable_vouchers;
mod apply_voucher;
mod block_body;
mod block_customer;
mod campaign_body;
mod campaign_fields;
mod draw_voucher;
mod export_vouchers;
mod get_block;
mod get_campaign;
mod get_campaign_stats;
mod get_job;
mod get_voucher;
mod guessing;
mod issue_voucher;
mod job_body;
mod launch_campaign;
mod lift_block;
mod list_blocks;
mod list_campaign_vouchers;
mod list_campaigns;
mod list_vouchers;
mod order_vouchers;
mod redeem_gift;
mod redemption_body;
mod revise_campaign;
mod revise_voucher;
mod scan_voucher;
mod sheet;
mod stats_body;
mod take_off_voucher;
mod unblock_customer;
mod validate_voucher;
mod validation_body;
mod voucher_body;
mod voucher_fields;

use utoipa_actix_web::service_config::ServiceConfig;

/// Paths with a name come before those with a code in the same place.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(launch_campaign::launch_campaign)
        .service(list_campaigns::list_campaigns)
        .service(get_campaign::get_campaign)
        .service(revise_campaign::revise_campaign)
        .service(order_vouchers::order_vouchers)
        .service(export_vouchers::export_vouchers)
        .service(get_job::get_job)
        .service(get_campaign_stats::get_campaign_stats)
        .service(list_campaign_vouchers::list_campaign_vouchers)
        .service(scan_voucher::scan_voucher)
        .service(applicable_vouchers::list_applicable_vouchers)
        .service(issue_voucher::issue_voucher)
        .service(list_vouchers::list_vouchers)
        .service(get_voucher::get_voucher)
        .service(revise_voucher::revise_voucher)
        .service(draw_voucher::draw_voucher)
        .service(validate_voucher::validate_voucher)
        .service(redeem_gift::redeem_gift)
        .service(apply_voucher::apply_voucher)
        .service(take_off_voucher::take_off_voucher)
        .service(block_customer::block_customer)
        .service(list_blocks::list_blocks)
        .service(unblock_customer::unblock_customer)
        .service(get_block::get_block)
        .service(lift_block::lift_block);
}

#[cfg(test)]
mod tests;
