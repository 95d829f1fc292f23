//! Serves the built page's workers, the benchmark's own page, the peers' packages and the models from one place, with the
//! headers that let the peers have threads.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use xtask::seal::program_folder;
use xtask::server::{self, Answer, Server};
use xtask::shell::root;
use xtask::tools;

use super::models;

/// The served folders.
pub struct Site {
    server: Server,
    dist: PathBuf,
}

impl Site {
    /// Starts serving.
    ///
    /// # Errors
    /// When no page has been built.
    pub fn start() -> Result<Self> {
        let dist = std::env::var_os("THERMOSTAT_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
        if !dist.join("index.html").exists() {
            bail!("{} holds no page. Run `cargo xtask build`.", dist.display());
        }
        let places = [
            ("bench/", root().join("e2e/bench")),
            ("made/", models::folder()),
            ("node_modules/", tools::peers()?.join("node_modules")),
        ];
        let rule = move |path: &str| {
            let place =
                places.iter().find_map(|(start, folder)| Some(folder.join(path.strip_prefix(start)?)));
            place.map_or(Answer::File, Answer::Elsewhere)
        };
        let server = server::start_isolated(dist.clone(), server::listen(0)?, Box::new(rule))?;
        Ok(Self { server, dist })
    }

    /// The folder of the built page.
    #[must_use]
    pub fn dist(&self) -> &Path {
        &self.dist
    }

    /// The benchmark's page, with ONNX Runtime's build for graphics adapters or for the processor.
    #[must_use]
    pub fn page(&self, on_adapter: bool) -> String {
        format!("{}bench/index.html{}", self.server.url, if on_adapter { "?webgpu" } else { "" })
    }

    /// The name of the folder that holds the page's program; it is named by its contents.
    #[must_use]
    pub fn program_name(&self) -> String {
        program_folder(&self.dist)
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// A file of the page's program as the page asks for it, or none where it was not built.
    #[must_use]
    pub fn program(&self, name: &str) -> Option<String> {
        let path = program_folder(&self.dist).join(name);
        let inner = path.strip_prefix(&self.dist).ok()?.to_string_lossy().into_owned();
        path.exists().then(|| format!("/{inner}"))
    }
}
