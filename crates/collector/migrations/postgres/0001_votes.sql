-- One vote a row. `record` is the vote as the library writes it; the other columns are what is asked about it.
CREATE TABLE votes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of arrival
    id TEXT NOT NULL UNIQUE,                             -- the vote's own name
    record_sha256 BYTEA NOT NULL,                        -- of `record`: tells a repetition from another vote under the same name
    pair_sha256 BYTEA NOT NULL,                          -- of prompt and answers: tells when one visitor judges one pair twice
    owner BYTEA NOT NULL,                                -- SHA-256 of the visitor's key, which deletes
    client TEXT NOT NULL,                                -- names the browser, as in the vote
    source BYTEA NOT NULL,                               -- the day's salted hash of the address
    model_a TEXT NOT NULL,
    model_b TEXT NOT NULL,
    won DOUBLE PRECISION,                                -- share of a win for A; none where it says nothing about models
    is_a BOOLEAN NOT NULL,                               -- whether the side A was preferred
    received_ms BIGINT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX votes_by_owner ON votes (owner);
CREATE INDEX votes_by_arrival ON votes (received_ms);
