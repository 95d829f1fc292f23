//! Serves the built page on a free port, and can break its model files while a journey runs.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Result, bail};
use xtask::server::{self, Answer, Server};
use xtask::shell::root;

/// What is wrong with the model files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// They are not there.
    MissingModel,
    /// One byte in the middle is wrong, so that the size fits and the checksum does not.
    CorruptModel,
    /// The list of models is not there.
    MissingManifest,
}

/// The page, served.
pub struct Site {
    server: Server,
    folder: PathBuf,
    fault: Arc<Mutex<Fault>>,
}

impl Site {
    /// Starts serving `dist/`, or the folder that `THERMOSTAT_DIST` names.
    ///
    /// # Errors
    /// When there is no page in it.
    pub fn start() -> Result<Self> {
        let folder = std::env::var_os("THERMOSTAT_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
        if !folder.join("index.html").exists() {
            bail!("{} holds no page. Run `cargo xtask build`.", folder.display());
        }
        let fault = Arc::new(Mutex::new(Fault::None));
        let shared = Arc::clone(&fault);
        let (kept, models) = (folder.clone(), folder.clone());
        let rule = move |path: &str| {
            let fault = shared.lock().map_or(Fault::None, |fault| *fault);
            match fault {
                Fault::MissingModel if path.ends_with(".gguf") => Answer::Missing,
                Fault::MissingManifest if path.ends_with("manifest.json") => Answer::Missing,
                Fault::CorruptModel if path.ends_with(".gguf") => match fs::read(models.join(path)) {
                    Ok(bytes) => Answer::Bytes(spoil(bytes)),
                    Err(_) => Answer::Missing,
                },
                _ => Answer::File,
            }
        };
        Ok(Self { server: server::start(folder, 0, Box::new(rule))?, folder: kept, fault })
    }

    /// The page's address with a state in its hash, for example `v=1&t=0.7`.
    pub fn url(&self, hash: &str) -> String {
        format!("{}#{hash}", self.server.url)
    }

    /// The address of a file.
    pub fn file_url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }

    /// Whether a file was built; `cargo xtask build --without-gpu` leaves the WebGPU worker out.
    pub fn has(&self, path: &str) -> bool {
        self.folder.join(path).exists()
    }

    /// Breaks or mends the site from now on.
    pub fn set_fault(&self, fault: Fault) {
        if let Ok(mut now) = self.fault.lock() {
            *now = fault;
        }
    }
}

fn spoil(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 0x55;
    }
    bytes
}
