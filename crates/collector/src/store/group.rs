//! What becomes of batches that are written in one transaction. Pure, and the same for every database.

use std::collections::HashMap;

use super::Row;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is stored.
    Stored {
        /// Votes that were not there.
        new: usize,
        /// Votes that were there already, with the same contents.
        known: usize,
    },
    /// Nothing of it was stored: a vote with this name is there, and has other contents.
    Clash {
        /// Which of the batch, counted from 0.
        vote: usize,
    },
}

/// Digests of records by the vote's name.
pub type Known = HashMap<String, Vec<u8>>;

/// The names that have to be looked up.
pub fn ids(batches: &[Vec<Row>]) -> Vec<&str> {
    batches.iter().flatten().map(|row| row.id.as_str()).collect()
}

/// What becomes of each batch, and the rows to add, in the order of their names: writers that add in one order cannot
/// wait for each other in a circle.
pub fn decide<'a>(batches: &'a [Vec<Row>], known: &Known) -> (Vec<Outcome>, Vec<&'a Row>) {
    let mut added: HashMap<&str, &Row> = HashMap::new();
    let mut outcomes = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut fresh: Vec<&Row> = Vec::new();
        let mut clash = None;
        for (index, row) in batch.iter().enumerate() {
            let there = known.get(&row.id).map(Vec::as_slice);
            match there.or(added.get(row.id.as_str()).map(|row| row.record_sha256.as_slice())) {
                None => fresh.push(row),
                Some(digest) if digest == row.record_sha256 => {}
                Some(_) => {
                    clash = Some(index);
                    break;
                }
            }
        }
        outcomes.push(match clash {
            Some(vote) => Outcome::Clash { vote },
            None => {
                let new = fresh.len();
                added.extend(fresh.into_iter().map(|row| (row.id.as_str(), row)));
                Outcome::Stored { new, known: batch.len() - new }
            }
        });
    }
    let mut rows: Vec<&Row> = added.into_values().collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    (outcomes, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, contents: u8) -> Row {
        Row {
            id: id.to_owned(),
            record_sha256: [contents; 32],
            pair_sha256: [0; 32],
            owner: [0; 32],
            client: String::new(),
            source: [0; 16],
            models: [String::new(), String::new()],
            won: None,
            is_a: false,
            received_ms: 0,
            record: String::new(),
        }
    }

    #[test]
    fn a_batch_is_stored_wholly_or_not_at_all() {
        let known = Known::from([("b".to_owned(), vec![1; 32])]);
        let batches = [
            vec![row("c", 1), row("b", 1)],
            vec![row("d", 1), row("b", 2), row("e", 1)], // b has other contents
            vec![row("d", 3)],                           // so this name is still free
            vec![row("d", 3), row("c", 1), row("a", 1)],
            vec![row("c", 9)], // the first batch took it
        ];
        let (outcomes, rows) = decide(&batches, &known);
        assert_eq!(
            outcomes,
            [
                Outcome::Stored { new: 1, known: 1 },
                Outcome::Clash { vote: 1 },
                Outcome::Stored { new: 1, known: 0 },
                Outcome::Stored { new: 1, known: 2 },
                Outcome::Clash { vote: 0 },
            ]
        );
        let names: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(names, ["a", "c", "d"]);
    }
}
