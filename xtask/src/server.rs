//! A small server of static files on this machine: for `cargo xtask serve` and for the journeys.
//!
//! It answers GET and HEAD from one folder, compresses text and wasm as public hosts do, and lets a test break chosen
//! files. It refuses to be a public server: it listens on the loopback address only.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Longest request head that is read.
const MOST_HEAD_BYTES: u64 = 16 * 1024;

/// How one request is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// With the file.
    File,
    /// As if the file were missing.
    Missing,
    /// With these bytes instead of the file's.
    Bytes(Vec<u8>),
    /// With a file from elsewhere.
    Elsewhere(PathBuf),
    /// Not at all: the connection is closed, as if there were no network.
    HangUp,
}

/// Decides by the path of the URL, for example `models/manifest.json`.
pub type Rule = dyn Fn(&str) -> Answer + Send + Sync;

/// A running server; it stops when the program ends.
pub struct Server {
    /// Where the page is, for example `http://127.0.0.1:8080/`.
    pub url: String,
}

/// A file as it was at some time.
type Version = (PathBuf, SystemTime);

/// What a page must be served with to be given shared memory, and so threads. Ours needs none; the peers it is measured
/// against do (`cargo xtask bench`).
const ISOLATION: [&str; 2] =
    ["Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Embedder-Policy: require-corp"];

struct Site {
    folder: PathBuf,
    rule: Box<Rule>,
    isolated: bool,
    compressed: Mutex<HashMap<Version, Arc<Vec<u8>>>>,
}

/// Takes a port of the loopback address (0: any free one). A browser that comes before [`start`] waits.
///
/// # Errors
/// When the port is taken.
pub fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let another = port.checked_add(1).unwrap_or(8080);
        anyhow!(
            "port {port} cannot be used ({error}). Stop what uses it, or choose another one: --port {another}"
        )
    })
}

/// Serves `folder` in the background.
///
/// # Errors
/// When the listener is broken.
pub fn start(folder: PathBuf, listener: TcpListener, rule: Box<Rule>) -> Result<Server> {
    serve(listener, Site { folder, rule, isolated: false, compressed: Mutex::default() })
}

/// As [`start`], with the headers of a page that may share memory between threads.
///
/// # Errors
/// As [`start`].
pub fn start_isolated(folder: PathBuf, listener: TcpListener, rule: Box<Rule>) -> Result<Server> {
    serve(listener, Site { folder, rule, isolated: true, compressed: Mutex::default() })
}

fn serve(listener: TcpListener, site: Site) -> Result<Server> {
    let url = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    let site = Arc::new(site);
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(io::Result::ok) {
            let site = Arc::clone(&site);
            // A browser that hangs up early is no concern of the server's.
            thread::spawn(move || site.converse(stream).unwrap_or(()));
        }
    });
    Ok(Server { url })
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    path: String,
    head_only: bool,
    accepts_gzip: bool,
    known_tag: Option<String>,
}

impl Site {
    fn converse(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut writer = stream.try_clone()?;
        match parse(&mut BufReader::new(stream.take(MOST_HEAD_BYTES)))? {
            Some(request) => self.answer(&request, &mut writer),
            None => {
                respond(&mut writer, "405 Method Not Allowed", "text/plain", &[], b"only GET and HEAD", false)
            }
        }
    }

    fn answer(&self, request: &Request, writer: &mut impl Write) -> io::Result<()> {
        let Some(relative) = relative_path(&request.path) else {
            return missing(writer, request);
        };
        let kind = content_type(&relative);
        let isolation: &[&str] = if self.isolated { &ISOLATION } else { &[] };
        let mut headers: Vec<String> = isolation.iter().map(|&header| header.to_owned()).collect();
        let path = match (self.rule)(&relative.to_string_lossy()) {
            Answer::HangUp => return Ok(()),
            Answer::Missing => return missing(writer, request),
            Answer::Bytes(bytes) => {
                return respond(writer, "200 OK", kind, &headers, &bytes, request.head_only);
            }
            Answer::Elsewhere(path) => path,
            Answer::File => self.folder.join(&relative),
        };
        let Ok((bytes, modified)) = read(&path) else {
            return missing(writer, request);
        };
        let age = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let tag = format!("\"{:x}-{age:x}\"", bytes.len());
        headers.push(format!("ETag: {tag}"));
        if request.known_tag.as_deref() == Some(&tag) {
            return respond(writer, "304 Not Modified", kind, &headers, b"", true);
        }
        if request.accepts_gzip && is_compressible(kind) {
            headers.push("Content-Encoding: gzip".to_owned());
            let small = self.compress(&path, modified, &bytes)?;
            return respond(writer, "200 OK", kind, &headers, &small, request.head_only);
        }
        respond(writer, "200 OK", kind, &headers, &bytes, request.head_only)
    }

    /// Compresses once per version of a file.
    fn compress(&self, path: &Path, modified: SystemTime, bytes: &[u8]) -> io::Result<Arc<Vec<u8>>> {
        let key = (path.to_owned(), modified);
        let lock = || self.compressed.lock().map_err(|_| io::Error::other("another thread panicked"));
        if let Some(known) = lock()?.get(&key) {
            return Ok(Arc::clone(known));
        }
        let small = Arc::new(gzip(bytes, Compression::default())?);
        lock()?.insert(key, Arc::clone(&small));
        Ok(small)
    }
}

/// Gzips some bytes.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn gzip(bytes: &[u8], level: Compression) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Reads a request's head. None for a method that is not served.
fn parse(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
    let path = target.split(['?', '#']).next().unwrap_or("/").to_owned();
    let mut request = Request { path, head_only: method == "HEAD", accepts_gzip: false, known_tag: None };
    let served = matches!(method, "GET" | "HEAD");
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(served.then_some(request));
        }
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "accept-encoding" => request.accepts_gzip = value.contains("gzip"),
                "if-none-match" => request.known_tag = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
}

/// The file that a URL path names, or none where it would lead out of the folder.
fn relative_path(url_path: &str) -> Option<PathBuf> {
    let mut decoded = decode(url_path.trim_start_matches('/'))?;
    if decoded.is_empty() || decoded.ends_with('/') {
        decoded.push_str("index.html");
    }
    let path = PathBuf::from(decoded);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let code = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn read(path: &Path) -> io::Result<(Vec<u8>, SystemTime)> {
    Ok((fs::read(path)?, fs::metadata(path)?.modified()?))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// What public hosts compress on the way: not pictures, fonts or model files.
pub fn is_compressible(kind: &str) -> bool {
    kind.starts_with("text/") || kind.contains("json") || kind.contains("svg") || kind == "application/wasm"
}

/// Whether a file is compressed on the way, by its name.
pub fn is_compressed_on_the_way(path: &Path) -> bool {
    is_compressible(content_type(path))
}

fn missing(writer: &mut impl Write, request: &Request) -> io::Result<()> {
    respond(writer, "404 Not Found", "text/plain", &[], b"not found", request.head_only)
}

fn respond(
    writer: &mut impl Write,
    status: &str,
    kind: &str,
    headers: &[String],
    body: &[u8],
    head_only: bool,
) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         Connection: close\r\n",
        body.len()
    );
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    writer.write_all(head.as_bytes())?;
    if !head_only {
        writer.write_all(body)?;
    }
    writer.flush()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_the_folder() {
        assert_eq!(relative_path("/"), Some(PathBuf::from("index.html")));
        assert_eq!(relative_path("/models/a%20b.gguf"), Some(PathBuf::from("models/a b.gguf")));
        assert_eq!(relative_path("/../secret"), None);
        assert_eq!(relative_path("/%2e%2e/secret"), None);
        assert_eq!(relative_path("//etc/passwd"), Some(PathBuf::from("etc/passwd")));
        assert_eq!(relative_path("/%2Fetc/passwd"), None);
        assert_eq!(relative_path("/%zz"), None);
    }

    #[test]
    fn only_get_and_head_are_served() {
        let parsed = |text: &str| parse(&mut text.as_bytes()).unwrap();
        let request = parsed("GET /a.js?x=1 HTTP/1.1\r\nAccept-Encoding: gzip, br\r\n\r\n").unwrap();
        assert_eq!((request.path.as_str(), request.accepts_gzip, request.head_only), ("/a.js", true, false));
        assert!(parsed("HEAD / HTTP/1.1\r\n\r\n").unwrap().head_only);
        assert_eq!(parsed("POST / HTTP/1.1\r\n\r\n"), None);
    }

    #[test]
    fn a_rule_can_hide_and_replace_files() {
        let folder = std::env::temp_dir().join(format!("thermostat-server-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("kept.txt"), "kept").unwrap();
        fs::write(folder.join("hidden.txt"), "hidden").unwrap();
        let rule = |path: &str| match path {
            "hidden.txt" => Answer::Missing,
            "broken.gguf" => Answer::Bytes(b"broken".to_vec()),
            _ => Answer::File,
        };
        let server = start(folder.clone(), listen(0).unwrap(), Box::new(rule)).unwrap();
        let fetch = |path: &str| {
            let address = server.url.trim_start_matches("http://").trim_end_matches('/');
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(format!("GET /{path} HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        assert!(fetch("kept.txt").ends_with("\r\n\r\nkept"));
        assert!(fetch("hidden.txt").starts_with("HTTP/1.1 404"));
        assert!(fetch("broken.gguf").ends_with("broken"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_isolated_page_comes_with_both_headers_from_wherever_it_is() {
        let folder = std::env::temp_dir().join(format!("thermostat-isolated-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("page.html"), "page").unwrap();
        let page = folder.join("page.html");
        let rule = move |_: &str| Answer::Elsewhere(page.clone());
        let server = start_isolated(folder.join("empty"), listen(0).unwrap(), Box::new(rule)).unwrap();
        let address = server.url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /bench/index.html HTTP/1.1\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("\r\n\r\npage"), "{text}");
        for header in ISOLATION {
            assert!(text.contains(header), "{text}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_taken_port_is_named_with_a_remedy() {
        let first = listen(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let message = listen(port).unwrap_err().to_string();
        assert!(message.contains(&format!("port {port} cannot be used")), "{message}");
        assert!(message.contains("--port "), "{message}");
    }
}
