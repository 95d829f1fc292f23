//! `cargo xtask serve`: builds the page and serves it on this machine.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use xtask::server::{self, Answer};
use xtask::shell::which;

use crate::build;

/// How to serve.
#[derive(Debug, Args)]
pub struct Options {
    /// Port on the loopback address.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the usual browser.
    #[arg(long)]
    open: bool,
    /// Serve what was built before.
    #[arg(long)]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

/// Serves until the program is stopped.
///
/// # Errors
/// When the build fails or the port is taken.
pub fn serve(options: &Options) -> Result<()> {
    let listener = server::listen(options.port)?; // before minutes of building
    if !options.skip_build {
        build::build(options.build)?;
    }
    let dist = options.build.dist();
    if !dist.join("index.html").exists() {
        bail!("{} holds no page. Leave out --skip-build.", dist.display());
    }
    let server = server::start(dist, listener, Box::new(|_| Answer::File))?;
    println!("Thermostat is at {} (Ctrl-C stops it)", server.url);
    if options.open {
        open(&server.url);
    }
    loop {
        std::thread::park();
    }
}

/// Asks the desktop to show the page. Where that fails the address is on the screen anyway.
fn open(url: &str) {
    let opener = ["xdg-open", "open"].into_iter().find_map(which);
    let opened = opener.and_then(|program| Command::new(program).arg(url).spawn().ok());
    if opened.is_none() {
        println!("   No browser could be opened from here: open the address yourself.");
    }
}
