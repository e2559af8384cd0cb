//! Addresses that nobody reads.

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// The buyer's e-mail address is not of one of these domains, nor of a domain below one. Letters count whatever their case.
#[derive(Debug, Clone, Default)]
pub struct AllowedEmailDomains {
    blocked: Vec<String>,
}

impl AllowedEmailDomains {
    /// All but these.
    pub fn except(blocked: impl IntoIterator<Item = String>) -> Self {
        let folded = |domain: String| domain.trim_matches('.').to_lowercase();
        Self {
            blocked: blocked.into_iter().map(folded).collect(),
        }
    }

    fn is_blocked(&self, domain: &str) -> bool {
        let domain = domain.to_lowercase();
        self.blocked.iter().any(|blocked| {
            let below = domain.strip_suffix(blocked.as_str());
            below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
        })
    }
}

impl ReviewRule for AllowedEmailDomains {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let email = subject.invoice.contents.customer.email.as_ref()?;
        let (_, domain) = email.as_str().rsplit_once('@')?;
        let message = || format!("e-mail addresses of {domain} are blocked");
        self.is_blocked(domain)
            .then(|| ReviewReason::new("email_domain_blocked", message()))
    }
}
