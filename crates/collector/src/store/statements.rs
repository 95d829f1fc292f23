//! What both databases are asked in the same words.

/// `$1`: owner; `$2`: one vote's id, or none for all.
pub(super) const DELETE_OF: &str = "DELETE FROM votes WHERE owner = $1 AND ($2 IS NULL OR id = $2)";

/// `$1`: a time of receipt.
pub(super) const DELETE_BEFORE: &str = "DELETE FROM votes WHERE received_ms < $1";

/// `$1`: a place in the order of receipt; `$2`: how many.
pub(super) const RECORDS_AFTER: &str = "SELECT seq, record FROM votes WHERE seq > $1 ORDER BY seq LIMIT $2";

/// As [`RECORDS_AFTER`], the newest first, of votes that say something about models.
pub(super) const CASTS_BEFORE: &str =
    "SELECT seq, id, pair_sha256, owner, client, source, model_a, model_b, won, is_a FROM votes
     WHERE seq < $1 AND won IS NOT NULL ORDER BY seq DESC LIMIT $2";

/// Whether there is anybody.
pub(super) const PING: &str = "SELECT seq FROM votes LIMIT 1";
