//! Lines that a reader could make something of.

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// There are not too many lines, and each description shows something.
#[derive(Debug, Clone, Copy)]
pub struct PlausibleLines {
    /// How many lines an invoice may have.
    pub count_max: u16,
}

impl ReviewRule for PlausibleLines {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let lines = subject.invoice.contents.items.as_slice();
        let (count, max) = (lines.len(), self.count_max);
        if count > usize::from(max) {
            let message = format!("it has {count} lines, and at most {max} are allowed");
            return Some(ReviewReason::new("too_many_lines", message));
        }
        let blank = lines
            .iter()
            .position(|line| line.description.as_str().chars().all(is_invisible))?;
        let message = format!("the description of line {} shows nothing", blank + 1);
        Some(ReviewReason::new("blank_description", message))
    }
}

/// White space, and characters that look like none: joiners, fillers, marks of direction (Unicode's
/// `Default_Ignorable_Code_Point`, as far as a text may have them), and the blank Braille pattern.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}
