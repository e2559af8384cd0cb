//! Conditions of a query that depend on what was asked for. Values are always parameters.

use std::{fmt::Write, sync::Arc};

use jiff::{Timestamp, civil::Date};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::listing::Bounds;

/// A value of a condition, which knows its type: then a statement that is asked once needs one round trip, not two.
pub(crate) trait Value: ToSql + Sync + Send + 'static {
    /// Its type in the database.
    const TYPE: Type;
}

macro_rules! values {
    ($($value:ty => $one:ident),+) => {$(
        impl Value for $value {
            const TYPE: Type = Type::$one;
        }
    )+};
}
values!(i16 => INT2, i32 => INT4, i64 => INT8, bool => BOOL, String => TEXT, &'static str => TEXT, Uuid => UUID,
    Timestamp => TIMESTAMPTZ, Date => DATE, Vec<i16> => INT2_ARRAY, Vec<i64> => INT8_ARRAY, Vec<String> => TEXT_ARRAY,
    Vec<&'static str> => TEXT_ARRAY, Vec<Uuid> => UUID_ARRAY, Vec<Timestamp> => TIMESTAMPTZ_ARRAY, Vec<Date> => DATE_ARRAY);

impl<V: Value> Value for Option<V> {
    const TYPE: Type = V::TYPE;
}

/// What rows have to be like: conditions joined by `AND`.
#[derive(Clone, Default)]
pub(crate) struct Conditions {
    /// Whether values are kept from the planner.
    are_unseen: bool,
    text: String,
    params: Vec<(Arc<dyn ToSql + Sync + Send>, Type)>,
}

impl Conditions {
    /// Conditions whose values the planner does not see, however often it is asked.
    ///
    /// A statement that is kept is planned for its values again and again while such a plan looks cheaper than one for
    /// any values, which for something rare it always does. Where only one plan is right, that costs more than the search.
    pub(crate) fn unseen() -> Self {
        Self {
            are_unseen: true,
            ..Self::default()
        }
    }

    /// Adds a condition with a `?` for its value.
    pub(crate) fn and(&mut self, condition: &str, value: impl Value) {
        let placeholder = self.param(value);
        self.and_fixed(&condition.replace('?', &placeholder));
    }

    /// Adds a condition that has no value.
    pub(crate) fn and_fixed(&mut self, condition: &str) {
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        self.text.push_str(condition);
    }

    /// Adds that rows come behind what the caller has seen, in the order newest first.
    pub(crate) fn before(&mut self, bounds: &Bounds) {
        if let Some(position) = bounds.before {
            let (created_at, id) = (self.param(position.created_at), self.param(position.id));
            let mut condition = String::new();
            let _infallible = write!(condition, "(created_at, id) < ({created_at}, {id})");
            self.and_fixed(&condition);
        }
    }

    /// What `add` adds, on its own: the values stay here, the conditions do not.
    pub(crate) fn apart(&mut self, add: impl FnOnce(&mut Self)) -> String {
        let own = std::mem::take(&mut self.text);
        add(self);
        std::mem::replace(&mut self.text, own)
    }

    /// Adds a value, and gives its placeholder.
    pub(crate) fn param<V: Value>(&mut self, value: V) -> String {
        self.params.push((Arc::new(value), V::TYPE));
        let number = self.params.len();
        if self.are_unseen {
            let name = V::TYPE.name().to_owned();
            // The outer cast makes it a value where a set of rows could stand, as in ANY (…).
            format!("(SELECT ${number}::{name})::{name}")
        } else {
            format!("${number}")
        }
    }

    /// The conditions.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The values, in the order of their placeholders.
    pub(crate) fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.params
            .iter()
            .map(|(param, _)| {
                let param: &(dyn ToSql + Sync) = param.as_ref();
                param
            })
            .collect()
    }

    /// The same with their types.
    pub(crate) fn typed_params(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.params()
            .into_iter()
            .zip(self.params.iter().map(|(_, one)| one.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_apart_share_only_the_numbers() {
        let mut conditions = Conditions::default();
        conditions.and("a = ?", 1_i64);

        let apart = conditions.apart(|apart| apart.and("b = ?", 2_i64));
        conditions.and("c = ?", 3_i64);

        assert_eq!(apart, "b = $2");
        assert_eq!(conditions.text(), "a = $1 AND c = $3");
    }

    #[test]
    fn values_can_be_kept_from_the_planner() {
        let mut conditions = Conditions::unseen();

        conditions.and("a = ANY (?)", vec!["x"]);

        let text = "a = ANY ((SELECT $1::_text)::_text)";
        assert_eq!(conditions.text(), text);
    }

    #[test]
    fn conditions_number_their_values() {
        let mut conditions = Conditions::default();

        conditions.and("a = ?", 1_i64);
        conditions.and_fixed("b IS NULL");
        conditions.and("c = ?", "x");

        assert_eq!(conditions.text(), "a = $1 AND b IS NULL AND c = $2");
        assert_eq!(conditions.params().len(), 2);
    }
}
