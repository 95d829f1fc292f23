//! Serves the built page on a free port, and can break its model files, or hang up, while a journey runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use xtask::seal::program_folder;
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
    /// Nothing answers.
    Offline,
    /// Graphics devices that are opened from now on are lost when [`LOSE_GRAPHICS`] is run in the page.
    LosableGraphics,
}

/// A script for the page: every graphics device of its workers is destroyed, see [`Fault::LosableGraphics`].
pub const LOSE_GRAPHICS: &str = "new BroadcastChannel('graphics').postMessage('lose')";

/// Comes before the GPU worker's loader.
const LOSABLE: &str = "
const open = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...inputs) {
  const device = await open.apply(this, inputs);
  new BroadcastChannel('graphics').onmessage = () => device.destroy();
  return device;
};
";

/// The page, served.
pub struct Site {
    server: Server,
    folder: PathBuf,
    fault: Arc<Mutex<Fault>>,
    asked: Arc<Mutex<Vec<String>>>,
    deployed: Arc<Mutex<Option<PathBuf>>>,
}

impl Site {
    /// Starts serving `dist/`, or the folder that `THERMOSTAT_DIST` names.
    ///
    /// # Errors
    /// When there is no page in it.
    pub fn start() -> Result<Self> {
        Self::start_with(None, None)
    }

    /// As [`Site::start`], with a page that names this collector.
    ///
    /// # Errors
    /// As [`Site::start`].
    pub fn start_with_collector(url: &str) -> Result<Self> {
        Self::start_with(None, Some(url))
    }

    /// As [`Site::start`], with a made-up lineage: the published first stage under so many ids, `sft`, `rlhf-v1` ...,
    /// each in a file of its own name.
    ///
    /// # Errors
    /// As [`Site::start`], or when the manifest cannot be read.
    pub fn start_with_lineage(stages: usize) -> Result<Self> {
        Self::start_with(Some(stages), None)
    }

    fn start_with(stages: Option<usize>, collector: Option<&str>) -> Result<Self> {
        let folder = std::env::var_os("THERMOSTAT_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
        if !folder.join("index.html").exists() {
            bail!("{} holds no page. Run `cargo xtask build`.", folder.display());
        }
        let lineage = stages.map(|stages| Lineage::of(&folder, stages)).transpose()?;
        let page = collector.map(|url| naming_collector(&folder, url)).transpose()?;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        let fault = Arc::new(Mutex::new(Fault::None));
        let shared = Arc::clone(&fault);
        let deployed = Arc::new(Mutex::new(None::<PathBuf>));
        let other = Arc::clone(&deployed);
        let (kept, models) = (folder.clone(), folder.clone());
        let rule = move |path: &str| {
            if let Ok(mut record) = record.lock() {
                record.push(path.to_owned());
            }
            let fault = shared.lock().map_or(Fault::None, |fault| *fault);
            match fault {
                Fault::Offline => Answer::HangUp,
                Fault::MissingModel if path.ends_with(".gguf") => Answer::Missing,
                Fault::MissingManifest if path.ends_with("manifest.json") => Answer::Missing,
                Fault::CorruptModel if path.ends_with(".gguf") => match fs::read(models.join(path)) {
                    Ok(bytes) => Answer::Bytes(spoil(bytes)),
                    Err(_) => Answer::Missing,
                },
                Fault::LosableGraphics if path.ends_with("worker_gpu_loader.js") => {
                    match fs::read_to_string(models.join(path)) {
                        Ok(loader) => Answer::Bytes(format!("{LOSABLE}{loader}").into_bytes()),
                        Err(_) => Answer::Missing,
                    }
                }
                _ if page.is_some() && (path.is_empty() || path == "index.html") => {
                    page.clone().map_or(Answer::File, Answer::Bytes)
                }
                _ => match (&lineage, other.lock().ok().and_then(|other| other.clone())) {
                    (Some(lineage), _) => lineage.answer(path),
                    (None, Some(other)) => Answer::Elsewhere(other.join(path)),
                    (None, None) => Answer::File,
                },
            }
        };
        Ok(Self {
            server: server::start(folder, server::listen(0)?, Box::new(rule))?,
            folder: kept,
            fault,
            asked,
            deployed,
        })
    }

    /// The page's address with a state in its hash, for example `v=1&t=0.7`.
    pub fn url(&self, hash: &str) -> String {
        format!("{}#{hash}", self.server.url)
    }

    /// The page's origin.
    pub fn origin(&self) -> &str {
        self.server.url.trim_end_matches('/')
    }

    /// The address of a file.
    pub fn file_url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }

    /// Whether a file of the program was built; `cargo xtask build --without-gpu` leaves the WebGPU worker out.
    pub fn has(&self, name: &str) -> bool {
        program_folder(&self.folder).join(name).exists()
    }

    /// The address of a file of the program.
    pub fn program_url(&self, name: &str) -> String {
        let path = program_folder(&self.folder).join(name);
        let path =
            path.strip_prefix(&self.folder).map_or_else(|_| name.into(), |path| path.to_string_lossy());
        self.file_url(&path)
    }

    /// How often a file was asked for, by the end of its path.
    pub fn asked_for(&self, end: &str) -> usize {
        self.asked.lock().map_or(0, |asked| asked.iter().filter(|path| path.ends_with(end)).count())
    }

    /// The folder that was built.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Serves another folder from now on, as after a deploy: what is not in it is gone.
    pub fn deploy(&self, folder: &Path) {
        if let Ok(mut now) = self.deployed.lock() {
            *now = Some(folder.to_owned());
        }
    }

    /// Breaks or mends the site from now on.
    pub fn set_fault(&self, fault: Fault) {
        if let Ok(mut now) = self.fault.lock() {
            *now = fault;
        }
    }
}

/// The page with the element that an operator writes into it.
fn naming_collector(folder: &Path, url: &str) -> Result<Vec<u8>> {
    let path = folder.join("index.html");
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let element = format!("<head><meta name=\"thermostat-collector\" content=\"{url}\" />");
    if !page.contains("<head>") {
        bail!("{} has no head to write the collector into", path.display());
    }
    Ok(page.replacen("<head>", &element, 1).into_bytes())
}

/// A manifest and files that were made up for a journey.
struct Lineage {
    manifest: Vec<u8>,
    model: Vec<u8>,
}

impl Lineage {
    fn of(folder: &Path, stages: usize) -> Result<Self> {
        let models = folder.join("models");
        let read = |name: &str| {
            let path = models.join(name);
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let mut manifest: Value = serde_json::from_slice(&read("manifest.json")?)?;
        let first = manifest["stages"][0].clone();
        let file = first["files"][0]["file"].as_str().context("the manifest names no file")?.to_owned();
        let stage = |number: usize| {
            let mut stage = first.clone();
            if number > 0 {
                stage["id"] = json!(format!("rlhf-v{number}"));
                stage["label"] = json!(format!("RLHF v{number}"));
                stage["summary"] = json!(format!("Made up for a test: round {number}."));
            }
            stage["files"][0]["file"] = json!(format!("{}.gguf", stage["id"].as_str().unwrap_or_default()));
            stage
        };
        manifest["stages"] = (0..stages).map(stage).collect();
        Ok(Self { manifest: serde_json::to_vec(&manifest)?, model: read(&file)? })
    }

    fn answer(&self, path: &str) -> Answer {
        if path.ends_with("models/manifest.json") {
            Answer::Bytes(self.manifest.clone())
        } else if path.ends_with(".gguf") {
            Answer::Bytes(self.model.clone())
        } else {
            Answer::File
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
