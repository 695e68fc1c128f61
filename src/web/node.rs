//! The decoder's view of a JavaScript value.

use crate::config::{Node, quoted};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/www/json.js")]
extern "C" {
    type Json;

    #[wasm_bindgen(static_method_of = Json)]
    fn kind(value: &JsValue) -> u32;
    #[wasm_bindgen(static_method_of = Json)]
    fn number(value: &JsValue) -> f64;
    #[wasm_bindgen(static_method_of = Json)]
    fn keys(value: &JsValue) -> JsValue;
    #[wasm_bindgen(static_method_of = Json)]
    fn length(value: &JsValue) -> u32;
    #[wasm_bindgen(static_method_of = Json)]
    fn get(value: &JsValue, key: &str) -> JsValue;
    #[wasm_bindgen(static_method_of = Json, js_name = get)]
    fn item(value: &JsValue, index: u32) -> JsValue;
    #[wasm_bindgen(static_method_of = Json)]
    fn show(value: &JsValue) -> String;
}

// What `Json.kind` answers.
const UNDEFINED: u32 = 0;
const NULL: u32 = 1;
const FALSE: u32 = 2;
const TRUE: u32 = 3;
const LIST: u32 = 4;
const NUMBER: u32 = 5;
const OBJECT: u32 = 7;

fn defined(value: JsValue) -> Option<JsValue> {
    (Json::kind(&value) != UNDEFINED).then_some(value)
}

impl Node for JsValue {
    fn get(&self, key: &str) -> Option<Self> {
        defined(Json::get(self, key))
    }

    fn number(&self) -> Option<f64> {
        (Json::kind(self) == NUMBER).then(|| Json::number(self))
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn boolean(&self) -> Option<bool> {
        match Json::kind(self) {
            FALSE => Some(false),
            TRUE => Some(true),
            _ => None,
        }
    }

    fn length(&self) -> Option<usize> {
        (Json::kind(self) == LIST).then(|| Json::length(self) as usize)
    }

    fn item(&self, index: usize) -> Option<Self> {
        if Json::kind(self) != LIST {
            return None;
        }
        defined(Json::item(self, index as u32))
    }

    fn keys(&self) -> Option<Vec<String>> {
        if Json::kind(self) != OBJECT {
            return None;
        }
        let names = Json::keys(self);
        let mut keys = Vec::new();
        for index in 0..Json::length(&names) {
            keys.push(Json::item(&names, index).as_string().unwrap_or_default());
        }
        Some(keys)
    }

    fn is_null(&self) -> bool {
        Json::kind(self) <= NULL
    }

    fn show(&self) -> String {
        match Json::kind(self) {
            LIST => "a list".into(),
            OBJECT => "an object".into(),
            _ => match self.as_string() {
                Some(text) => quoted(&text),
                None => Json::show(self),
            },
        }
    }
}
