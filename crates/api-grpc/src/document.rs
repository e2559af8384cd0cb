//! Messages as documents: what REST would have been sent.

use std::{borrow::Cow, collections::BTreeMap};

use api_shared::input::Json;
use jiff::Timestamp;
use prost_types::FieldMask;

use crate::proto::Word;

/// What a message asks for.
pub(crate) trait Asks: prost::Message {
    /// The path of REST's list, for requests that ask for a piece of one: its cursors are good there.
    const LIST: &'static str = "";

    /// The same where the path names what the list is of.
    fn list(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::LIST)
    }

    /// Its document.
    fn body(&self) -> Json {
        Json::Object(BTreeMap::new())
    }

    /// Its parameters.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The fields of a message that are set.
#[derive(Default)]
pub(crate) struct Document {
    set: BTreeMap<String, Json>,
    /// Lists and maps are never unset: what those without anything in them are if somebody names them.
    empty: BTreeMap<&'static str, Json>,
}

impl Document {
    /// A text.
    pub(crate) fn text(mut self, name: &str, value: Option<&String>) -> Self {
        self.put(name, value.cloned().map(Json::Text));
        self
    }

    /// A number.
    pub(crate) fn number(mut self, name: &str, value: Option<i64>) -> Self {
        self.put(name, value.map(Json::Integer));
        self
    }

    /// An instant.
    pub(crate) fn instant(self, name: &str, value: Option<&prost_types::Timestamp>) -> Self {
        self.text(name, value.map(|value| instant(*value)).as_ref())
    }

    /// A word of a vocabulary; 0 is none. A number that is no word is as wrong as a word that is unknown.
    pub(crate) fn word<W: Word>(mut self, name: &str, value: i32) -> Self {
        self.put(name, spelt::<W>(value).map(Json::Text));
        self
    }

    /// A message.
    pub(crate) fn document(mut self, name: &str, value: Option<Json>) -> Self {
        self.put(name, value);
        self
    }

    /// A list of messages.
    pub(crate) fn list<M>(
        mut self,
        name: &'static str,
        items: &[M],
        document: fn(&M) -> Json,
    ) -> Self {
        if items.is_empty() {
            self.empty.insert(name, Json::List(Vec::new()));
        } else {
            let items = items.iter().map(document).collect();
            self.put(name, Some(Json::List(items)));
        }
        self
    }

    /// The client's notes.
    pub(crate) fn metadata(self, pairs: &BTreeMap<String, String>) -> Self {
        self.texts("metadata", pairs)
    }

    /// Texts by name.
    pub(crate) fn texts(mut self, name: &'static str, pairs: &BTreeMap<String, String>) -> Self {
        let pair = |(key, value): (&String, &String)| (key.clone(), Json::Text(value.clone()));
        let object = Json::Object(pairs.iter().map(pair).collect());
        if pairs.is_empty() {
            self.empty.insert(name, object);
        } else {
            self.put(name, Some(object));
        }
        self
    }

    /// All of it.
    pub(crate) fn whole(self) -> Json {
        Json::Object(self.set)
    }

    /// What a mask names of it, where `null` takes a field away that is named but not set. Without a mask, what is set. A
    /// name that is no field is found by the reader, who knows them all.
    pub(crate) fn masked(mut self, mask: Option<&FieldMask>) -> Json {
        let Some(mask) = mask else {
            return self.whole();
        };
        let named = mask.paths.iter().map(|path| {
            let set = self.set.remove(path);
            let value = set.or_else(|| self.empty.remove(path.as_str()));
            (path.clone(), value.unwrap_or(Json::Null))
        });
        Json::Object(named.collect())
    }

    fn put(&mut self, name: &str, value: Option<Json>) {
        if let Some(value) = value {
            self.set.insert(name.to_owned(), value);
        }
    }
}

/// The parameters of a message that are set.
#[derive(Default)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// A text.
    pub(crate) fn text(mut self, name: &'static str, value: Option<&String>) -> Self {
        self.0.extend(value.map(|value| (name, value.clone())));
        self
    }

    /// A number.
    pub(crate) fn number(mut self, name: &'static str, value: Option<i64>) -> Self {
        self.0.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// Several texts.
    pub(crate) fn texts(mut self, name: &'static str, values: &[String]) -> Self {
        self.0
            .extend(values.iter().map(|value| (name, value.clone())));
        self
    }

    /// Words of a vocabulary; 0 is none.
    pub(crate) fn words<W: Word>(mut self, name: &'static str, values: &[i32]) -> Self {
        let spelt = values.iter().filter_map(|value| spelt::<W>(*value));
        self.0.extend(spelt.map(|word| (name, word)));
        self
    }

    /// Something that is asked for by `true` only.
    pub(crate) fn flag(mut self, name: &'static str, is_set: bool) -> Self {
        self.0.extend(is_set.then(|| (name, "true".to_owned())));
        self
    }

    /// An instant.
    pub(crate) fn instant(
        mut self,
        name: &'static str,
        value: Option<&prost_types::Timestamp>,
    ) -> Self {
        self.0.extend(value.map(|value| (name, instant(*value))));
        self
    }

    /// All of them.
    pub(crate) fn all(self) -> Vec<(&'static str, String)> {
        self.0
    }
}

fn spelt<W: Word>(value: i32) -> Option<String> {
    match W::try_from(value) {
        Ok(word) => word.word(),
        Err(_unknown) => Some(value.to_string()),
    }
}

/// An instant as REST has it. One that there is not stays a number, which is no instant either.
fn instant(value: prost_types::Timestamp) -> String {
    let instant = Timestamp::new(value.seconds, value.nanos);
    instant.map_or_else(|_beyond| value.seconds.to_string(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Document {
        let notes = Some("n".to_owned());
        Document::default()
            .text("notes", notes.as_ref())
            .text("number", None)
            .metadata(&BTreeMap::new())
    }

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }
    }

    fn spelt(json: &Json) -> String {
        String::from_utf8(json.canonical()).unwrap()
    }

    #[test]
    fn what_is_not_set_is_not_there() {
        assert_eq!(spelt(&draft().whole()), r#"{"notes":"n"}"#);
        assert_eq!(spelt(&draft().masked(None)), r#"{"notes":"n"}"#);
    }

    #[test]
    fn what_a_mask_names_and_nobody_has_set_is_taken_away() {
        let masked = draft().masked(Some(&mask(&["number", "metadata"])));

        assert_eq!(spelt(&masked), r#"{"metadata":{},"number":null}"#);
    }

    #[test]
    fn a_mask_may_name_what_there_is_not() {
        let masked = draft().masked(Some(&mask(&["nonsense"])));

        assert_eq!(spelt(&masked), r#"{"nonsense":null}"#);
    }
}
