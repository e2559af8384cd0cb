//! Requests about vouchers as documents.

use api_shared::input::Json;

use crate::{
    document::{Asks, Document, Parameters},
    proto::v1::{
        ApplyVoucherRequest, BlockCustomerRequest, CampaignStatus, CreateCampaignRequest,
        CreateVoucherRequest, CreateVouchersRequest, DeleteVoucherBlockRequest, GetCampaignRequest,
        GetCampaignStatsRequest, GetJobRequest, GetVoucherBlockRequest, GetVoucherRequest,
        ListApplicableVouchersRequest, ListCampaignsRequest, ListVoucherBlocksRequest,
        ListVouchersRequest, RedeemVoucherRequest, ScanVoucherRequest, TakeOffVoucherRequest,
        UnblockCustomerRequest, UpdateCampaignRequest, UpdateVoucherRequest,
        ValidateVoucherRequest, VoucherKind, VoucherStatus,
    },
};

impl Asks for GetCampaignRequest {}

impl Asks for GetCampaignStatsRequest {}

impl Asks for GetVoucherRequest {}

impl Asks for GetJobRequest {}

impl Asks for TakeOffVoucherRequest {}

impl Asks for GetVoucherBlockRequest {}

impl Asks for DeleteVoucherBlockRequest {}

/// The fields that a campaign begins with and that may change.
macro_rules! limits {
    ($document:expr, $message:expr) => {
        $document
            .text("name", $message.name.as_ref())
            .number("max_discount_minor", $message.max_discount_minor)
            .number("min_total_minor", $message.min_total_minor)
            .instant("valid_from", $message.valid_from.as_ref())
            .instant("valid_until", $message.valid_until.as_ref())
            .number("max_redemptions", $message.max_redemptions)
            .number(
                "max_redemptions_per_code",
                $message.max_redemptions_per_code,
            )
            .number(
                "max_redemptions_per_customer",
                $message.max_redemptions_per_customer,
            )
            .number("budget_minor", $message.budget_minor)
            .metadata(&$message.metadata)
    };
}

impl Asks for CreateCampaignRequest {
    fn body(&self) -> Json {
        limits!(Document::default(), self)
            .word::<VoucherKind>("kind", self.kind)
            .number("percent_bps", self.percent_bps)
            .number("amount_minor", self.amount_minor)
            .text("currency", self.currency.as_ref())
            .whole()
    }
}

impl Asks for UpdateCampaignRequest {
    fn body(&self) -> Json {
        limits!(Document::default(), self)
            .word::<CampaignStatus>("status", self.status)
            .masked(self.update_mask.as_ref())
    }
}

impl Asks for CreateVoucherRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("campaign_id", self.campaign_id.as_ref())
            .text("code", self.code.as_ref())
            .number("max_redemptions", self.max_redemptions)
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for CreateVouchersRequest {
    fn body(&self) -> Json {
        Document::default()
            .number("count", self.count)
            .number("max_redemptions", self.max_redemptions)
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for UpdateVoucherRequest {
    fn body(&self) -> Json {
        Document::default()
            .word::<VoucherStatus>("status", self.status)
            .number("max_redemptions", self.max_redemptions)
            .metadata(&self.metadata)
            .masked(self.update_mask.as_ref())
    }
}

/// For what and by whom a voucher would be redeemed.
macro_rules! trial {
    ($document:expr, $message:expr) => {
        $document
            .text("customer_id", $message.customer_id.as_ref())
            .text("email", $message.email.as_ref())
            .text("currency", $message.currency.as_ref())
            .number("total_minor", $message.total_minor)
            .whole()
    };
}

impl Asks for ValidateVoucherRequest {
    fn body(&self) -> Json {
        trial!(Document::default(), self)
    }
}

impl Asks for ScanVoucherRequest {
    fn body(&self) -> Json {
        trial!(Document::default().text("text", self.text.as_ref()), self)
    }
}

impl Asks for ApplyVoucherRequest {
    fn body(&self) -> Json {
        Document::default().text("code", self.code.as_ref()).whole()
    }
}

impl Asks for RedeemVoucherRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("account_id", self.account_id.as_ref())
            .text("user_id", self.user_id.as_ref())
            .text("customer_id", self.customer_id.as_ref())
            .text("email", self.email.as_ref())
            .whole()
    }
}

impl Asks for ListVoucherBlocksRequest {
    const LIST: &'static str = "/api/v1/voucher-blocklist";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("customer_id", self.customer_id.as_ref())
            .text("email", self.email.as_ref())
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for BlockCustomerRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("customer_id", self.customer_id.as_ref())
            .text("email", self.email.as_ref())
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for UnblockCustomerRequest {
    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("customer_id", self.customer_id.as_ref())
            .text("email", self.email.as_ref())
            .all()
    }
}

impl Asks for ListApplicableVouchersRequest {
    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("customer_id", self.customer_id.as_ref())
            .text("email", self.email.as_ref())
            .text("currency", self.currency.as_ref())
            .number("total_minor", self.total_minor)
            .number("limit", self.limit)
            .all()
    }
}

impl Asks for ListCampaignsRequest {
    const LIST: &'static str = "/api/v1/campaigns";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .words::<CampaignStatus>("status", &[self.status])
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

impl Asks for ListVouchersRequest {
    const LIST: &'static str = "/api/v1/vouchers";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .text("campaign_id", self.campaign_id.as_ref())
            .words::<VoucherStatus>("status", &[self.status])
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}
