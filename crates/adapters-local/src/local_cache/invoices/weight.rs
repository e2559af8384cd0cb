//! About how much memory an invoice takes.

use app::invoicing::{InvoiceView, LineView, PartyView, TaxShareView};

/// What the allocator adds to each block.
const BLOCK: usize = 16;

/// In bytes, with what it points to.
pub(super) fn of(view: &InvoiceView) -> usize {
    let entry = &view.entry;
    let lines: usize = view.items.iter().map(line).sum();
    let metadata: usize = entry
        .metadata
        .iter()
        .map(|(key, value)| 2 * size_of::<String>() + text(key) + text(value))
        .sum();
    size_of::<InvoiceView>()
        + BLOCK
        + optional(entry.number.as_ref())
        + party(&entry.customer)
        + text(&entry.currency)
        + metadata
        + view.seller.as_ref().map_or(0, party)
        + lines
        + view.tax_breakdown.len() * size_of::<TaxShareView>()
        + optional(view.notes.as_ref())
}

fn line(line: &LineView) -> usize {
    let texts = text(&line.description) + text(&line.quantity) + text(&line.unit);
    size_of::<LineView>() + texts
}

fn party(party: &PartyView) -> usize {
    let address = party.address.as_ref().map_or(0, |address| {
        let texts = [
            &address.line1,
            &address.line2,
            &address.city,
            &address.postal_code,
            &address.region,
        ];
        let texts = texts.into_iter().flatten().map(text);
        text(&address.country) + texts.sum::<usize>()
    });
    text(&party.name) + optional(party.email.as_ref()) + optional(party.tax_id.as_ref()) + address
}

fn optional(text_or_none: Option<&String>) -> usize {
    text_or_none.map_or(0, text)
}

fn text(text: &String) -> usize {
    BLOCK + text.capacity()
}
