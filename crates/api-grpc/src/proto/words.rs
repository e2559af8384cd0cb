//! Enumerations, whose values are the words that REST has for the same, spelt with a prefix and in upper case.

use super::v1::{
    AccountStatus, BatchMode, CampaignStatus, EntryDirection, HoldStatus, InvoiceStatus, JobKind,
    JobStatus, PaymentDirection, PaymentStatus, PaymentType, ReviewStatus, TransferKind,
    VoucherKind, VoucherStatus,
};

/// A value of a vocabulary.
pub(crate) trait Word: TryFrom<i32> + Into<i32> {
    /// What its values begin with.
    const PREFIX: &'static str;

    /// Its name in the proto.
    fn name(&self) -> &'static str;

    /// The value of a name.
    fn named(name: &str) -> Option<Self>;

    /// The word; `None` for the value that says nothing.
    fn word(&self) -> Option<String> {
        let word = self.name().strip_prefix(Self::PREFIX)?;
        (word != "UNSPECIFIED").then(|| word.to_ascii_lowercase())
    }

    /// The number of a word; 0 if there is none.
    fn number(word: &str) -> i32 {
        let name = format!("{}{}", Self::PREFIX, word.to_ascii_uppercase());
        Self::named(&name).map_or(0, Into::into)
    }
}

macro_rules! words {
    ($($enumeration:ty: $prefix:literal;)+) => {$(
        impl Word for $enumeration {
            const PREFIX: &'static str = $prefix;

            fn name(&self) -> &'static str {
                self.as_str_name()
            }

            fn named(name: &str) -> Option<Self> {
                Self::from_str_name(name)
            }
        }
    )+};
}

words! {
    AccountStatus: "ACCOUNT_STATUS_";
    BatchMode: "BATCH_MODE_";
    CampaignStatus: "CAMPAIGN_STATUS_";
    EntryDirection: "ENTRY_DIRECTION_";
    HoldStatus: "HOLD_STATUS_";
    InvoiceStatus: "INVOICE_STATUS_";
    JobKind: "JOB_KIND_";
    JobStatus: "JOB_STATUS_";
    PaymentDirection: "PAYMENT_DIRECTION_";
    PaymentStatus: "PAYMENT_STATUS_";
    PaymentType: "PAYMENT_TYPE_";
    ReviewStatus: "REVIEW_STATUS_";
    TransferKind: "TRANSFER_KIND_";
    VoucherKind: "VOUCHER_KIND_";
    VoucherStatus: "VOUCHER_STATUS_";
}

#[cfg(test)]
mod tests {
    use domain::{invoicing, ledger, payments, vouchers};
    use rstest::rstest;

    use super::*;

    /// The words that are in no message are those that the domain does not have, and the other way round.
    fn words<W: Word>() -> Vec<String> {
        (1..)
            .map_while(|number| W::try_from(number).ok())
            .filter_map(|value| value.word())
            .collect()
    }

    #[test]
    fn the_domain_knows_every_word() {
        for word in words::<InvoiceStatus>() {
            assert!(invoicing::InvoiceStatus::parse(&word).is_ok(), "{word}");
        }
        for word in words::<AccountStatus>() {
            assert!(ledger::AccountStatus::parse(&word).is_ok(), "{word}");
        }
        for word in words::<TransferKind>() {
            assert!(ledger::TransferKind::parse(&word).is_ok(), "{word}");
        }
        for word in words::<EntryDirection>() {
            assert!(app::ports::EntryDirection::parse(&word).is_ok(), "{word}");
        }
        for word in words::<HoldStatus>() {
            assert!(ledger::HoldState::parse(&word).is_ok(), "{word}");
        }
        for word in words::<PaymentType>() {
            assert!(payments::PaymentType::parse(&word).is_ok(), "{word}");
        }
        for word in words::<PaymentDirection>() {
            assert!(payments::Direction::parse(&word).is_ok(), "{word}");
        }
        for word in words::<PaymentStatus>() {
            assert!(payments::PaymentStatus::parse(&word).is_ok(), "{word}");
        }
    }

    #[test]
    fn every_word_of_payments_has_a_number() {
        let kinds = ledger::TransferKind::ALL.map(|it| TransferKind::number(it.code()));
        let statuses = payments::PaymentStatus::ALL.map(|it| PaymentStatus::number(it.code()));
        let directions = payments::Direction::ALL.map(|it| PaymentDirection::number(it.code()));
        let types = payments::PaymentType::ALL.map(|it| PaymentType::number(it.code()));

        let numbers = [&kinds[..], &statuses, &directions, &types].concat();

        assert!(!numbers.contains(&0), "{numbers:?}");
    }

    #[test]
    fn every_word_of_vouchers_has_a_number() {
        let kinds = vouchers::VoucherKind::ALL.map(|it| VoucherKind::number(it.code()));
        let campaigns = vouchers::CampaignStatus::ALL.map(|it| CampaignStatus::number(it.code()));
        let statuses = vouchers::VoucherStatus::ALL.map(|it| VoucherStatus::number(it.code()));
        let jobs = vouchers::JobStatus::CODES.map(JobStatus::number);
        let does = [JobKind::number(app::vouchers::ISSUE_VOUCHERS)];

        let numbers = [&kinds[..], &campaigns, &statuses, &jobs, &does].concat();

        assert!(!numbers.contains(&0), "{numbers:?}");
    }

    #[rstest]
    #[case("draft", InvoiceStatus::Draft)]
    #[case("cancelled", InvoiceStatus::Cancelled)]
    #[case("nonsense", InvoiceStatus::Unspecified)]
    fn a_word_has_its_number(#[case] word: &str, #[case] expected: InvoiceStatus) {
        assert_eq!(InvoiceStatus::number(word), i32::from(expected));
    }
}
