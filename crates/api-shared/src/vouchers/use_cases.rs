//! The use cases of vouchers.

use std::sync::Arc;

use app::{
    ports::{Clock, CustomerQueries, IdGenerator, VoucherCodeGenerator, VoucherQueries},
    vouchers::{
        ApplyVoucherHandler, BlockCustomerHandler, IssueVoucherHandler, LaunchCampaignHandler,
        RedeemGiftHandler, ReviseCampaignHandler, ReviseVoucherHandler, TakeOffVoucherHandler,
        UnblockCustomerHandler,
    },
};

use super::Guesses;

/// What vouchers need of the outside world.
#[derive(Clone)]
pub struct VoucherPorts {
    /// Reads them.
    pub queries: Arc<dyn VoucherQueries>,
    /// Reads who redeems them.
    pub customers: Arc<dyn CustomerQueries>,
    /// Makes their codes.
    pub codes: Arc<dyn VoucherCodeGenerator>,
}

/// What can be done with vouchers.
#[derive(Clone)]
pub struct VoucherUseCases {
    /// Launches a campaign.
    pub launch: Arc<LaunchCampaignHandler>,
    /// Changes a campaign.
    pub revise_campaign: Arc<ReviseCampaignHandler>,
    /// Issues a voucher.
    pub issue: Arc<IssueVoucherHandler>,
    /// Changes a voucher.
    pub revise: Arc<ReviseVoucherHandler>,
    /// Applies a voucher to a draft.
    pub apply: Arc<ApplyVoucherHandler>,
    /// Takes a voucher off a draft.
    pub take_off: Arc<TakeOffVoucherHandler>,
    /// Redeems a gift.
    pub redeem: Arc<RedeemGiftHandler>,
    /// Blocks a customer.
    pub block: Arc<BlockCustomerHandler>,
    /// Unblocks a customer.
    pub unblock: Arc<UnblockCustomerHandler>,
    /// Reads them.
    pub queries: Arc<dyn VoucherQueries>,
    /// Reads who redeems them.
    pub customers: Arc<dyn CustomerQueries>,
    /// Holds up whoever guesses codes.
    pub guesses: Arc<Guesses>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl VoucherUseCases {
    /// The use cases over these ports.
    pub fn new(ports: VoucherPorts, clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> Self {
        let (now, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            launch: Arc::new(LaunchCampaignHandler::new(now(), ids())),
            revise_campaign: Arc::new(ReviseCampaignHandler::new(now(), ids())),
            issue: Arc::new(IssueVoucherHandler::new(now(), ids(), ports.codes)),
            revise: Arc::new(ReviseVoucherHandler::new(now(), ids())),
            apply: Arc::new(ApplyVoucherHandler::new(now(), ids())),
            take_off: Arc::new(TakeOffVoucherHandler::new(now(), ids())),
            redeem: Arc::new(RedeemGiftHandler::new(now(), ids())),
            block: Arc::new(BlockCustomerHandler),
            unblock: Arc::new(UnblockCustomerHandler),
            queries: ports.queries,
            customers: ports.customers,
            guesses: Arc::default(),
            clock: now(),
        }
    }
}
