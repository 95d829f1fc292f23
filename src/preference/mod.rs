//! Preference votes: the record, pairing, and export.
