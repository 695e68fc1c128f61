//! One post over one connection.

use super::answer::{Answer, judged};
use super::message::Message;
use super::secret::Secret;
use anyhow::{Context, Result, anyhow, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use vitrine_collector::archive::time::now;

/// A receiver that takes longer has to take it again.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where posts go.
pub struct Target {
    host: String,
    port: u16,
    authority: String,
    path: String,
    tls: Option<Arc<ClientConfig>>,
}

impl Target {
    /// Of an address. Intents are about persons: without TLS they do not leave the machine.
    pub fn read(url: &str) -> Result<Self> {
        let uri: Uri = url
            .parse()
            .ok()
            .with_context(|| format!("--webhook {url:?} is no address; use https://host/path"))?;
        let (Some(authority), Some(host)) = (uri.authority(), uri.host()) else {
            bail!("--webhook {url:?}: found no host; use https://host/path");
        };
        if authority.as_str().contains('@') {
            bail!(
                "--webhook has a name or a password in its address: the signature is what the receiver knows us by"
            );
        }
        let is_local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        let (tls, port) = match uri.scheme_str() {
            Some("https") => (Some(roots()?), 443),
            Some("http") if is_local => (None, 80),
            _ => bail!(
                "--webhook {url:?}: intents are about persons; use https, or http to this machine"
            ),
        };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(port),
            authority: authority.to_string(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            tls,
        })
    }

    /// Posts a message, as of now.
    pub async fn post(&self, message: &Message, secret: &Secret) -> Answer {
        match tokio::time::timeout(TIMEOUT, self.sent(message, secret)).await {
            Ok(Ok((status, retry_after))) => judged(status, retry_after.as_deref(), now()),
            Ok(Err(error)) => Answer::Later(
                format!("{} cannot be reached: {error:#}", self.authority),
                None,
            ),
            Err(_) => Answer::Later(
                format!(
                    "{} did not answer within {} s",
                    self.authority,
                    TIMEOUT.as_secs()
                ),
                None,
            ),
        }
    }

    async fn sent(&self, message: &Message, secret: &Secret) -> Result<(u16, Option<String>)> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        match &self.tls {
            None => self.over(stream, message, secret).await,
            Some(config) => {
                let name = ServerName::try_from(self.host.clone())?;
                let stream = TlsConnector::from(config.clone())
                    .connect(name, stream)
                    .await?;
                self.over(stream, message, secret).await
            }
        }
    }

    async fn over(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        message: &Message,
        secret: &Secret,
    ) -> Result<(u16, Option<String>)> {
        let seconds = now().div_euclid(1_000);
        let request = Request::post(&self.path)
            .header("host", &self.authority)
            .header("content-type", "application/json")
            .header(
                "user-agent",
                concat!("vitrine-report/", env!("CARGO_PKG_VERSION")),
            )
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", seconds)
            .header(
                "webhook-signature",
                secret.signature(&message.id, seconds, &message.body),
            )
            .body(Full::new(Bytes::from(message.body.clone())))?;
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the answer, whose text nobody reads.
        let carried = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        carried.abort();
        let answer = answer?;
        let retry_after = answer.headers().get("retry-after");
        let retry_after = retry_after
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        Ok((answer.status().as_u16(), retry_after))
    }
}

/// The certificates that this machine trusts.
fn roots() -> Result<Arc<ClientConfig>> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found
            .errors
            .first()
            .map_or(String::new(), |error| format!(": {error}"));
        return Err(anyhow!(
            "found no certificates to know the receiver by{why}; install ca-certificates, or set SSL_CERT_FILE"
        ));
    }
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn persons_do_not_leave_the_machine_in_the_clear() {
        for url in [
            "http://hooks.example/x",
            "hooks.example",
            "/x",
            "ftp://localhost/",
            "http://localhost.example/",
            "https://a:b@hooks.example/",
        ] {
            assert!(Target::read(url).is_err(), "{url}");
        }
        let target = Target::read("http://[::1]:8099/x?y=1").unwrap();
        assert_eq!(
            (target.host.as_str(), target.port, target.path.as_str()),
            ("::1", 8099, "/x?y=1")
        );
        assert_eq!(Target::read("http://127.0.0.1").unwrap().path, "/");
    }
}
