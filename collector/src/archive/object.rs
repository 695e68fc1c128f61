//! A JSON object whose fields are taken one by one by name; what nobody took is left over.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The fields of an object, as they are in the text.
#[derive(Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Option<&'a str>)>);

impl<'a> Object<'a> {
    /// Reads an object; anything else is none.
    pub fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Takes a field if `read` can make something of it. `null` counts as absent.
    fn take<T>(&mut self, name: &str, read: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        let field = self.0.iter_mut().rev().find(|(key, _)| key == name)?;
        let value = read(field.1?)?;
        field.1 = None;
        Some(value)
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.take(name, text)
    }

    /// A whole number. Those of milliseconds are rounded to one.
    pub fn int(&mut self, name: &str) -> Option<i64> {
        let rounded = name.ends_with("_ms");
        self.take(name, |raw| {
            let whole = raw.parse().ok();
            whole.or_else(|| {
                let number: f64 = raw.parse().ok()?;
                let right = number.abs() < 9e15 && (rounded || number.fract() == 0.0);
                right.then_some(number.round() as i64)
            })
        })
    }

    /// A number.
    pub fn real(&mut self, name: &str) -> Option<f64> {
        self.take(name, |raw| {
            raw.parse().ok().filter(|number: &f64| number.is_finite())
        })
    }

    /// An object of its own.
    pub fn object(&mut self, name: &str) -> Option<Self> {
        self.take(name, Object::read)
    }

    /// A list of values as they are in the text.
    pub fn list(&mut self, name: &str) -> Option<Vec<&'a RawValue>> {
        self.take(name, |raw| serde_json::from_str(raw).ok())
    }

    /// A value as it is in the text.
    pub fn raw(&mut self, name: &str) -> Option<&'a str> {
        self.take(name, Some)
    }

    /// What nobody took, as JSON; none where nothing is left.
    pub fn rest(&self) -> Option<String> {
        let left = self.0.iter().filter_map(|(key, raw)| Some((key, (*raw)?)));
        let mut out = String::new();
        for (key, raw) in left {
            out.push(if out.is_empty() { '{' } else { ',' });
            out.push_str(&serde_json::Value::from(&**key).to_string());
            out.push(':');
            out.push_str(raw);
        }
        (!out.is_empty()).then(|| out + "}")
    }
}

/// The text that a JSON string means.
pub fn text(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        false => Some(Cow::Borrowed(inner)),
        true => serde_json::from_str(raw).ok().map(Cow::Owned),
    }
}

/// A field's name: borrowed unless it has escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a field's name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object<'de>;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::with_capacity(24);
                while let Some((key, raw)) = map.next_entry::<Key, &RawValue>()? {
                    let raw = Some(raw.get()).filter(|raw| *raw != "null");
                    fields.push((key.0, raw));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::Object;

    #[test]
    fn what_is_of_another_type_stays_for_the_rest() {
        let text = r#"{"id":"a\nb","seq":3,"n":1.5,"elapsed_ms":1.5,"value":"12","x":null,"m\u0041":[1, 2]}"#;
        let mut object = Object::read(text).unwrap();
        assert_eq!(object.text("id").as_deref(), Some("a\nb"));
        assert_eq!((object.int("seq"), object.int("n")), (Some(3), None));
        assert_eq!(
            (object.int("elapsed_ms"), object.int("value")),
            (Some(2), None)
        );
        assert_eq!((object.real("x"), object.real("none")), (None, None));
        let rest = r#"{"n":1.5,"value":"12","mA":[1, 2]}"#;
        assert_eq!(object.rest().as_deref(), Some(rest));
        assert!(Object::read("[]").is_none() && Object::read("{}").unwrap().rest().is_none());
    }
}
