//! The use cases of payments.

use std::sync::Arc;

use app::{
    payments::{AcceptPaymentHandler, CancelPaymentHandler, RefundPaymentHandler},
    ports::{Clock, IdGenerator, PaymentQueries, Providers},
};

/// What can be done with payments.
#[derive(Clone)]
pub struct PaymentUseCases {
    /// Accepts one.
    pub accept: Arc<AcceptPaymentHandler>,
    /// Calls one off.
    pub cancel: Arc<CancelPaymentHandler>,
    /// Gives money back.
    pub refund: Arc<RefundPaymentHandler>,
    /// Reads them.
    pub queries: Arc<dyn PaymentQueries>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl PaymentUseCases {
    /// The use cases over these ports.
    pub fn new(
        queries: Arc<dyn PaymentQueries>,
        providers: Providers,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let (now, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            accept: Arc::new(AcceptPaymentHandler::new(now(), ids(), providers)),
            cancel: Arc::new(CancelPaymentHandler::new(now(), ids())),
            refund: Arc::new(RefundPaymentHandler::new(now(), ids())),
            queries,
            clock: now(),
        }
    }
}
