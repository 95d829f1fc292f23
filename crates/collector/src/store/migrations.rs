//! The tables' versions, which are built into the program: what a database lacks is brought up to date when it is opened.
//!
//! They are named here one by one. The macro of `sqlx` would find them, and would have `sqlx` compiled a second time, for the
//! compiler's own use.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Number, name and words of each.
type Steps = [(i64, &'static str, &'static str)];

const SQLITE: &Steps = &[(1, "votes", include_str!("../../migrations/sqlite/0001_votes.sql"))];
const POSTGRES: &Steps = &[(1, "votes", include_str!("../../migrations/postgres/0001_votes.sql"))];

/// Of a file.
pub(super) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

/// Of a server.
pub(super) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

fn migrator(steps: &Steps) -> Migrator {
    let migration = |&(number, name, words): &(i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, words.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{POSTGRES, SQLITE, Steps};

    #[test]
    fn every_file_is_named_and_by_its_own_number_and_name() {
        for (folder, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            let mut files: Vec<(String, String)> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| {
                    (
                        path.file_name().unwrap().to_str().unwrap().to_owned(),
                        fs::read_to_string(path).unwrap(),
                    )
                })
                .collect();
            files.sort();
            assert_eq!(files, named(steps));
        }
    }

    fn named(steps: &Steps) -> Vec<(String, String)> {
        steps
            .iter()
            .map(|(number, name, words)| (format!("{number:04}_{name}.sql"), (*words).to_owned()))
            .collect()
    }
}
