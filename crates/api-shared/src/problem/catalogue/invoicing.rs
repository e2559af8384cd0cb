//! Problems with the state of invoices.

super::kinds! {
    CUSTOMER_NOT_FOUND = NotFound "customer_not_found", "Customer not found",
        "The customer that the body names does not exist, is archived, or is not of the API key's organization.",
        [is_final];
    CURRENCY_WITHDRAWN = UnprocessableEntity "currency_withdrawn", "Currency withdrawn",
        "The body names no currency, and the one that the customer or else the organization prefers is not an active \
         currency of ISO 4217 any more. Name one, or change what is preferred.",
        [is_final];
    STATUS_TRANSITION_FORBIDDEN = UnprocessableEntity "status_transition_forbidden", "Status transition forbidden",
        "The life cycle of an invoice has no such step. The detail names both states and lists what is allowed.",
        [is_final];
    INVOICE_NOT_EDITABLE = UnprocessableEntity "invoice_not_editable", "Invoice not editable",
        "The contents of an invoice can be changed as long as it is a draft.",
        [is_final];
    INVOICE_NOT_DELETABLE = UnprocessableEntity "invoice_not_deletable", "Invoice not deletable",
        "An invoice can be deleted as long as it is a draft. Cancel it instead.",
        [is_final];
    REVIEW_REJECTED = UnprocessableEntity "review_rejected", "Review rejected",
        "The review of the invoice has rejected it, so it is not issued. The detail tells why. Edit it, and it is reviewed \
         again.",
        [is_final];
    INVOICE_HAS_PAYMENTS = UnprocessableEntity "invoice_has_payments", "Invoice has payments",
        "Money was paid on the invoice, or payments of it are under way, so it is not cancelled or settled otherwise. Refund or \
         cancel them first.",
        [is_final];
}
