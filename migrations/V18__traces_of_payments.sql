-- Which trace (W3C Trace Context) brought about what happened to a payment or a refund: whoever carries it out goes on with it.
ALTER TABLE payment_events ADD COLUMN trace_context text;
ALTER TABLE refund_events ADD COLUMN trace_context text;
