//! Where in a body something stands.

/// A place in a body, as a chain up to its root: a pointer is spelt out only when there is something to say about it.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// The body itself.
    Root,
    /// A field of an object.
    Field(&'a At<'a>, &'a str),
    /// An item of an array.
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    /// The JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    fn write(&self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                parent.write(pointer);
                pointer.push('/');
                for c in name.chars() {
                    match c {
                        '~' => pointer.push_str("~0"),
                        '/' => pointer.push_str("~1"),
                        c => pointer.push(c),
                    }
                }
            }
            Self::Item(parent, index) => {
                parent.write(pointer);
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::At;

    #[test]
    fn pointers_escape_what_rfc_6901_says() {
        let items = At::Field(&At::Root, "a/b~c");
        let third = At::Item(&items, 2);

        assert_eq!(At::Field(&third, "").pointer(), "/a~1b~0c/2/");
        assert_eq!(At::Root.pointer(), "");
    }
}
