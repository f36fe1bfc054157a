//! The shared places that there are: Redis or Valkey, whatever speaks S3, and WebDAV, each by one address.

use std::sync::Arc;

use opendal::services::{Redis, S3, Webdav};
use opendal::{ErrorKind, Operator};
use url::{Host, Url};

use super::{Doing, Shelf};
use crate::{Secret, TeamCache};

/// No entry that is read is longer, in bytes.
const MAX_ENTRY: usize = 4 << 20;

#[derive(Debug)]
struct Place(Operator);

impl Shelf for Place {
    fn read(&self, name: String) -> Doing<Option<Vec<u8>>> {
        let operator = self.0.clone();
        Box::pin(async move {
            match operator.read(&name).await {
                Ok(buffer) if buffer.len() <= MAX_ENTRY => Ok(Some(buffer.to_vec())),
                Ok(_) => Ok(None),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn write(&self, name: String, bytes: Vec<u8>) -> Doing<()> {
        let operator = self.0.clone();
        Box::pin(async move { operator.write(&name, bytes).await.map(drop).map_err(|error| error.to_string()) })
    }
}

/// Opens the place that an address names: `redis://host:6379/0`, `rediss://…`, `s3://bucket/folder?region=…&endpoint=https://…`,
/// `webdav+https://host/folder`. Nothing is sent yet.
pub(super) fn open(configured: &TeamCache) -> Result<Arc<dyn Shelf>, String> {
    let url = Url::parse(&configured.uri).map_err(|error| format!("`uri` is no address: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`uri` must hold no user and no password: name the variable of the password in `password_env`".into());
    }
    let password = configured.password.as_ref().map(Secret::expose);
    let operator = match url.scheme() {
        "redis" | "rediss" => redis(&url, password)?,
        "s3" => s3(&url)?,
        "webdav+https" | "webdav+http" => webdav(&url, configured.user.as_deref(), password)?,
        other => return Err(format!("`{other}` is none of redis, rediss, s3, webdav+https")),
    };
    Ok(Arc::new(Place(operator)))
}

fn redis(url: &Url, password: Option<&str>) -> Result<Operator, String> {
    encrypted(url, url.scheme() == "rediss")?;
    let host = url.host_str().ok_or("the address names no host")?;
    let mut builder = Redis::default().endpoint(&format!("{}://{host}:{}", url.scheme(), url.port().unwrap_or(6_379)));
    if let Some(number) = url.path().strip_prefix('/').filter(|text| !text.is_empty()) {
        builder = builder.db(number.parse().map_err(|_| format!("`{number}` is no number of a database"))?);
    }
    if let Some(password) = password {
        builder = builder.password(password);
    }
    // The names are ours alone by their prefix; they need no time to live, as a cache server drops what is used least.
    built(builder.root("/tierline"))
}

/// The keys of S3 come from where its other clients find them: the environment, or the files of the user.
fn s3(url: &Url) -> Result<Operator, String> {
    let bucket = url.host_str().ok_or("the address names no bucket")?;
    let mut builder =
        S3::default().bucket(bucket).root(if url.path().is_empty() { "/" } else { url.path() }).disable_ec2_metadata();
    for (name, value) in url.query_pairs() {
        builder = match name.as_ref() {
            "region" => builder.region(&value),
            "endpoint" => {
                let endpoint = Url::parse(&value).map_err(|error| format!("`endpoint` is no address: {error}"))?;
                encrypted(&endpoint, endpoint.scheme() == "https")?;
                builder.endpoint(&value)
            }
            other => return Err(format!("`{other}` is none of region, endpoint")),
        };
    }
    built(builder)
}

fn webdav(url: &Url, user: Option<&str>, password: Option<&str>) -> Result<Operator, String> {
    encrypted(url, url.scheme() == "webdav+https")?;
    let scheme = url.scheme().trim_start_matches("webdav+");
    let host = url.host_str().ok_or("the address names no host")?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut builder = Webdav::default().endpoint(&format!("{scheme}://{host}{port}")).root(url.path());
    if let Some(password) = password {
        builder = builder.username(user.unwrap_or_default()).password(password);
    }
    built(builder)
}

fn built<B: opendal::Builder>(builder: B) -> Result<Operator, String> {
    opendal::install_default();
    Operator::new(builder).map_err(|error| error.to_string())
}

/// What is not encrypted goes no further than this machine.
fn encrypted(url: &Url, is_encrypted: bool) -> Result<(), String> {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if is_encrypted || loopback {
        return Ok(());
    }
    Err(format!("{}:// is allowed only to this machine: use the encrypted form", url.scheme()))
}
