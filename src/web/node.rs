//! The decoder's view of a JavaScript value.

use crate::config::{Node, quoted};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

impl Node for JsValue {
    fn get(&self, key: &str) -> Option<Self> {
        let key = JsValue::from_str(key);
        let own = self.is_object() && Object::has_own(self.unchecked_ref::<Object>(), &key);
        if own {
            Reflect::get(self, &key).ok()
        } else {
            None
        }
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn length(&self) -> Option<usize> {
        self.dyn_ref::<Array>().map(|list| list.length() as usize)
    }

    fn item(&self, index: usize) -> Option<Self> {
        let list = self.dyn_ref::<Array>()?;
        let index = index as u32;
        (index < list.length()).then(|| list.get(index))
    }

    fn keys(&self) -> Option<Vec<String>> {
        if !self.is_object() || Array::is_array(self) {
            return None;
        }
        let names = Object::keys(self.unchecked_ref::<Object>());
        let mut keys = Vec::new();
        for index in 0..names.length() {
            keys.push(Node::text(&names.get(index)).unwrap_or_default());
        }
        Some(keys)
    }

    fn is_null(&self) -> bool {
        self.is_null() || self.is_undefined()
    }

    fn show(&self) -> String {
        if let Some(text) = self.as_string() {
            quoted(&text)
        } else if Array::is_array(self) {
            "a list".into()
        } else if self.is_object() {
            "an object".into()
        } else {
            // Numbers become text in JavaScript: formatting a float in Rust weighs 19 kB.
            let text = JSON::stringify(self).ok();
            text.and_then(|text| text.as_string())
                .unwrap_or_else(|| "nothing".into())
        }
    }
}
