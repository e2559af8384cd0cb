//! `tallystick.v1.VoucherService`

mod blocklist;
mod campaigns;
mod codes;
mod documents;
mod drafts;
mod gifts;
mod guessing;
mod jobs;
mod offers;
mod shown;

use std::sync::Arc;

use domain::platform::{Access, Resource, Scope};

use crate::{
    api::GrpcApi,
    proto::v1::{
        ApplyVoucherRequest, ApplyVoucherResponse, BlockCustomerRequest, BlockCustomerResponse,
        CreateCampaignRequest, CreateCampaignResponse, CreateVoucherRequest, CreateVoucherResponse,
        CreateVouchersRequest, CreateVouchersResponse, DeleteVoucherBlockRequest,
        DeleteVoucherBlockResponse, GetCampaignRequest, GetCampaignResponse,
        GetCampaignStatsRequest, GetCampaignStatsResponse, GetJobRequest, GetJobResponse,
        GetVoucherBlockRequest, GetVoucherBlockResponse, GetVoucherRequest, GetVoucherResponse,
        ListApplicableVouchersRequest, ListApplicableVouchersResponse, ListCampaignsRequest,
        ListCampaignsResponse, ListVoucherBlocksRequest, ListVoucherBlocksResponse,
        ListVouchersRequest, ListVouchersResponse, RedeemVoucherRequest, RedeemVoucherResponse,
        ScanVoucherRequest, ScanVoucherResponse, TakeOffVoucherRequest, TakeOffVoucherResponse,
        UnblockCustomerRequest, UnblockCustomerResponse, UpdateCampaignRequest,
        UpdateCampaignResponse, UpdateVoucherRequest, UpdateVoucherResponse,
        ValidateVoucherRequest, ValidateVoucherResponse, voucher_service_server::VoucherService,
    },
};

const READ: Scope = Scope::Of(Resource::Vouchers, Access::Read);
const WRITE: Scope = Scope::Of(Resource::Vouchers, Access::Write);
const WRITE_INVOICES: Scope = Scope::Of(Resource::Invoices, Access::Write);

/// Campaigns, vouchers, and what is redeemed of them.
pub(crate) struct Vouchers(pub(crate) Arc<GrpcApi>);

crate::services::rpcs! {VoucherService for Vouchers {
    create_campaign(CreateCampaignRequest) -> CreateCampaignResponse, WRITE, campaigns::create_campaign;
    get_campaign(GetCampaignRequest) -> GetCampaignResponse, READ, campaigns::get_campaign;
    get_campaign_stats(GetCampaignStatsRequest) -> GetCampaignStatsResponse, READ, campaigns::get_campaign_stats;
    list_campaigns(ListCampaignsRequest) -> ListCampaignsResponse, READ, campaigns::list_campaigns;
    update_campaign(UpdateCampaignRequest) -> UpdateCampaignResponse, WRITE, campaigns::update_campaign;
    create_voucher(CreateVoucherRequest) -> CreateVoucherResponse, WRITE, codes::create_voucher;
    create_vouchers(CreateVouchersRequest) -> CreateVouchersResponse, WRITE, jobs::create_vouchers;
    get_job(GetJobRequest) -> GetJobResponse, READ, jobs::get_job;
    get_voucher(GetVoucherRequest) -> GetVoucherResponse, READ, codes::get_voucher;
    list_vouchers(ListVouchersRequest) -> ListVouchersResponse, READ, codes::list_vouchers;
    list_applicable_vouchers(ListApplicableVouchersRequest) -> ListApplicableVouchersResponse, READ, offers::list_applicable_vouchers;
    update_voucher(UpdateVoucherRequest) -> UpdateVoucherResponse, WRITE, codes::update_voucher;
    validate_voucher(ValidateVoucherRequest) -> ValidateVoucherResponse, READ, offers::validate_voucher;
    scan_voucher(ScanVoucherRequest) -> ScanVoucherResponse, READ, offers::scan_voucher;
    apply_voucher(ApplyVoucherRequest) -> ApplyVoucherResponse, WRITE_INVOICES, drafts::apply_voucher;
    take_off_voucher(TakeOffVoucherRequest) -> TakeOffVoucherResponse, WRITE_INVOICES, drafts::take_off_voucher;
    redeem_voucher(RedeemVoucherRequest) -> RedeemVoucherResponse, WRITE, gifts::redeem_voucher;
    block_customer(BlockCustomerRequest) -> BlockCustomerResponse, WRITE, blocklist::block_customer;
    get_voucher_block(GetVoucherBlockRequest) -> GetVoucherBlockResponse, READ, blocklist::get_voucher_block;
    list_voucher_blocks(ListVoucherBlocksRequest) -> ListVoucherBlocksResponse, READ, blocklist::list_voucher_blocks;
    delete_voucher_block(DeleteVoucherBlockRequest) -> DeleteVoucherBlockResponse, WRITE, blocklist::delete_voucher_block;
    unblock_customer(UnblockCustomerRequest) -> UnblockCustomerResponse, WRITE, blocklist::unblock_customer;
}}
