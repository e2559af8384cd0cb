//! Problems with payments.

super::kinds! {
    INVOICE_NOT_FOUND = NotFound "invoice_not_found", "Invoice not found",
        "The invoice that the body names does not exist, or is not of the API key's organization.",
        [is_final];
    PROVIDER_UNKNOWN = UnprocessableEntity "provider_unknown", "Unknown payment provider",
        "No provider of this name is set up in this deployment.",
        [is_final];
    INVOICE_NOT_PAYABLE = UnprocessableEntity "invoice_not_payable", "Invoice not payable",
        "Only an issued invoice that was not cancelled can be paid.",
        [is_final];
    PAYMENT_EXCEEDS_AMOUNT_DUE = UnprocessableEntity "payment_exceeds_amount_due", "Payment exceeds the amount due",
        "More would be paid on the invoice than is due. Payments that are under way count until it is known what became of \
         them.",
        [is_final];
    INVOICE_PAYMENT_UNKNOWN = UnprocessableEntity "invoice_payment_unknown", "Another payment of the invoice is unknown",
        "Nobody knows yet whether the money of another payment of this invoice has moved. The invoice can be paid once that \
         is known.",
        [is_final];
    PAYMENT_NOT_CANCELLABLE = UnprocessableEntity "payment_not_cancellable", "Payment not cancellable",
        "A payment can be cancelled as long as it is pending. Refund it instead, once it is completed.",
        [is_final];
    PAYMENT_NOT_REFUNDABLE = UnprocessableEntity "payment_not_refundable", "Payment not refundable",
        "Money can be given back once the payment is completed.",
        [is_final];
    REFUND_UNSUPPORTED = UnprocessableEntity "refund_unsupported", "Refund not supported by the provider",
        "The provider of the payment cannot give its money back, or take it back. What it returns by itself is booked \
         without being asked for.",
        [is_final];
    REFUND_EXCEEDS_PAYMENT = UnprocessableEntity "refund_exceeds_payment", "Refund exceeds the payment",
        "All refunds together would come to more than the payment. Refunds that are under way count until they have failed.",
        [is_final];
}
