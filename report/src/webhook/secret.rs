//! The secret that a receiver knows, too, and the signature by it.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use std::path::Path;

/// Where it is told, besides a file. It is no argument: everybody on a machine sees those.
const NAME: &str = "VITRINE_WEBHOOK_SECRET";
const PREFIX: &str = "whsec_";

/// A key that is never shown.
pub struct Secret(Key);

impl Secret {
    /// Of the file, or of the environment.
    pub fn find(file: Option<&Path>) -> Result<Self> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?,
            None => std::env::var(NAME).unwrap_or_default(),
        };
        Self::read(text.trim())
    }

    fn read(text: &str) -> Result<Self> {
        let make = format!("echo {PREFIX}$(openssl rand -base64 32)");
        if text.is_empty() {
            bail!(
                "found no secret to sign by: set {NAME}, or name a file by --webhook-secret-file; `{make}` makes one, which the receiver needs, too"
            );
        }
        let bytes = text
            .strip_prefix(PREFIX)
            .and_then(|text| STANDARD.decode(text).ok());
        match bytes {
            Some(bytes) if (24..=64).contains(&bytes.len()) => {
                Ok(Self(Key::new(HMAC_SHA256, &bytes)))
            }
            _ => bail!(
                "the secret is not {PREFIX} with 24 to 64 bytes in base64 behind it; `{make}` makes one"
            ),
        }
    }

    /// `webhook-signature`. `seconds` is the `webhook-timestamp`.
    pub fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let signed = [format!("{id}.{seconds}.").as_bytes(), body].concat();
        format!("v1,{}", STANDARD.encode(sign(&self.0, &signed)))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    /// The example of <https://github.com/standard-webhooks/standard-webhooks>, which all its libraries are tested with.
    #[test]
    fn a_signature_that_others_published() {
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let found = secret.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(found, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_none_is_not_shown() {
        for text in ["", "hunter2", "whsec_aHVudGVyMg==", "whsec_?"] {
            let error = Secret::read(text).err().unwrap().to_string();
            assert!(
                error.contains("openssl") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
