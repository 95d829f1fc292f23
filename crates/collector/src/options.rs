//! What the operator can set: arguments, or variables of the same meaning.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Collects the votes of visitors who agreed to send them.
#[derive(Debug, Clone, Parser)]
#[command(name = "collector", version)]
pub struct Options {
    /// Where to listen. Other machines reach it only through a proxy that speaks HTTPS, or with 0.0.0.0.
    #[arg(long, env = "COLLECTOR_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Where votes are kept: the path of a file, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, env = "DATABASE_URL", default_value = "collector-data/votes.db", hide_env_values = true)]
    pub database: String,
    /// Origins of pages that may send votes, as https://example.org; several with commas.
    #[arg(long, env = "COLLECTOR_ORIGINS", value_delimiter = ',')]
    pub origins: Vec<String>,
    /// The word that opens the export, 16 characters and more; without it nobody can export.
    #[arg(long, env = "COLLECTOR_ADMIN_TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
    /// The page's models/manifest.json: votes on other models are refused, and the leaderboard names stages.
    #[arg(long, env = "COLLECTOR_MANIFEST")]
    pub manifest: Option<PathBuf>,
    /// Days after which votes are deleted; 0 keeps them.
    #[arg(long, env = "COLLECTOR_KEEP_DAYS", default_value_t = 365)]
    pub keep_days: u32,
    /// How many proxies of yours stand before this and add to X-Forwarded-For. With 0 that header is not believed.
    #[arg(long, env = "COLLECTOR_PROXIES", default_value_t = 0)]
    pub proxies: usize,
    /// Votes a minute, of everybody together.
    #[arg(long, env = "COLLECTOR_MOST_A_MINUTE", default_value_t = 60_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub most_a_minute: u32,
    /// Votes and requests a minute, of one address.
    #[arg(long, env = "COLLECTOR_MOST_A_MINUTE_OF_SOURCE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    pub most_a_minute_of_source: u32,
    /// Votes a minute, of one browser.
    #[arg(long, env = "COLLECTOR_MOST_A_MINUTE_OF_CLIENT", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub most_a_minute_of_client: u32,
    /// What all votes of one address and day, of one browser, or of one key weigh together in the leaderboard.
    #[arg(long, env = "COLLECTOR_MOST_WEIGHT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub most_weight: u32,
    /// For how many seconds a leaderboard is shown before it is made anew.
    #[arg(long, env = "COLLECTOR_LEADERBOARD_SECONDS", default_value_t = 30)]
    pub leaderboard_seconds: u32,
    /// How many seconds a visitor's clock may run ahead.
    #[arg(long, env = "COLLECTOR_MOST_AHEAD_SECONDS", default_value_t = 600)]
    pub most_ahead_seconds: u32,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Options;

    #[test]
    fn arguments_are_well_formed() {
        Options::command().debug_assert();
    }
}
