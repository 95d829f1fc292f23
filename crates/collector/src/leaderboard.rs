//! The ranking of the models by everybody's votes, computed at most every so often.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use thermostat::preference::ranking::{COVERAGE, ROUNDS, Ranking};
use tokio::sync::{Mutex, RwLock};

use crate::refusal::Refusal;
use crate::store::{Cast, Store, StoreError};
use crate::weights::{Judged, Mark, ballots, mark};

/// Most votes that are ranked, the newest. More say nothing more, and this bounds time and memory.
const MOST_VOTES: usize = 200_000;
/// Votes that are read at a time.
const PAGE: i64 = 2_000;
/// Most models in the ranking, those with the most votes: without a list of models anybody can make some up.
const MOST_MODELS: usize = 16;

/// The answer to `GET /v1/leaderboard`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaderboard {
    /// How it was made.
    pub method: String,
    /// The strongest first.
    pub standings: Vec<Place>,
    /// `wins[i][j]`: weighted wins of the model at place i against that at place j.
    pub wins: Vec<Vec<f64>>,
    /// Whether the first is stronger than the last in every round of the bootstrap.
    pub is_told_apart: bool,
    /// Votes that count.
    pub votes: usize,
    /// What they weigh together.
    pub weight: f64,
    /// Sources (addresses by day) that they came from.
    pub sources: usize,
    /// Votes that look wrong, among those that were read.
    pub flags: Flags,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// Checksum of its file.
    pub model_sha256: String,
    /// Its stage, if the collector was given a list of models.
    pub label: Option<String>,
    /// Probability to win against a model of average strength.
    pub chance: f64,
    /// Ends of the interval that holds [`COVERAGE`] of the rounds.
    pub interval: [f64; 2],
    /// Votes on it.
    pub votes: usize,
}

/// Numbers of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Flags {
    /// Weigh nothing: the pair was judged before by the same source, browser or owner.
    pub copies: usize,
    /// Weigh less than one: their source, browser or owner has cast many.
    pub light: usize,
    /// From a source that nearly always takes one side.
    pub one_sided: usize,
    /// From a source far from what the others' ranking foretells.
    pub outliers: usize,
}

/// Everything that the ranking is made of.
pub struct Count {
    ids: Vec<String>,
    votes: Vec<Judged>,
    marks: Vec<Mark>,
    models: Vec<String>,
}

/// The last ranking, and how to make the next.
pub struct Leaderboards {
    labels: HashMap<String, String>,
    most_weight: f64,
    fresh_for: Duration,
    last: RwLock<Option<(Instant, Arc<Leaderboard>)>>,
    /// Held by whoever makes the next.
    making: Mutex<()>,
}

impl Leaderboards {
    /// None yet. `labels` by checksum; `most_weight` of one source, browser or owner.
    #[must_use]
    pub fn new(labels: HashMap<String, String>, most_weight: f64, fresh_for: Duration) -> Self {
        Self { labels, most_weight, fresh_for, last: RwLock::default(), making: Mutex::default() }
    }

    /// The ranking. One that is older than was agreed is made anew; meanwhile others get the old one, or wait where there is none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn now(&self, store: &Store) -> Result<Arc<Leaderboard>, Refusal> {
        let is_fresh = |made: &Instant| made.elapsed() < self.fresh_for;
        let _making = match (self.last.read().await.clone(), self.making.try_lock()) {
            (Some((made, board)), _) if is_fresh(&made) => return Ok(board),
            (Some((_, board)), Err(_)) => return Ok(board),
            (_, Ok(making)) => making,
            (None, Err(_)) => self.making.lock().await,
        };
        // Somebody may have made it while this one waited.
        if let Some((made, board)) = self.last.read().await.clone()
            && is_fresh(&made)
        {
            return Ok(board);
        }
        let count = self.count(store).await?;
        let (labels, most_weight) = (self.labels.clone(), self.most_weight);
        let board = tokio::task::spawn_blocking(move || count.rank(&labels, most_weight))
            .await
            .map_err(|_| Refusal::unavailable("the ranking could not be made; try again"))?;
        let board = Arc::new(board);
        *self.last.write().await = Some((Instant::now(), Arc::clone(&board)));
        Ok(board)
    }

    /// Reads and marks the votes.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn count(&self, store: &Store) -> Result<Count, Refusal> {
        let read = Count::read(store).await.map_err(|error| {
            eprintln!("collector: votes could not be read: {error}");
            Refusal::unavailable("the votes could not be read; try again")
        })?;
        let most_weight = self.most_weight;
        tokio::task::spawn_blocking(move || read.marked(most_weight))
            .await
            .map_err(|_| Refusal::unavailable("the votes could not be weighed; try again"))
    }

    /// Forgets the last ranking, for votes were deleted.
    pub async fn forget(&self) {
        *self.last.write().await = None;
    }
}

impl Count {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        let (mut sources, mut clients, mut owners, mut pairs, mut models) =
            (Names::default(), Names::default(), Names::default(), Names::default(), Names::default());
        let (mut ids, mut votes) = (Vec::new(), Vec::new());
        let mut before = i64::MAX;
        while votes.len() < MOST_VOTES {
            let page = store.casts_before(before, PAGE).await?;
            let Some(oldest) = page.last() else { break };
            before = oldest.seq;
            for Cast { id, pair_sha256, owner, client, source, model_a, model_b, won, is_a, .. } in page {
                ids.push(id);
                votes.push(Judged {
                    source: sources.number(source),
                    client: clients.number(client),
                    owner: owners.number(owner),
                    pair: pairs.number(pair_sha256),
                    models: [models.number(model_a) as usize, models.number(model_b) as usize],
                    won,
                    is_a,
                });
            }
        }
        ids.reverse();
        votes.reverse();
        Ok(Self { ids, votes, marks: Vec::new(), models: models.names() })
    }

    /// Keeps the models with the most voters' weight, and marks their votes.
    fn marked(mut self, most_weight: f64) -> Self {
        // By sources and not by votes, so that one source cannot push others' models out.
        let mut voters = vec![std::collections::HashSet::new(); self.models.len()];
        for vote in &self.votes {
            vote.models.iter().for_each(|&model| {
                voters[model].insert(vote.source);
            });
        }
        let mut order: Vec<usize> = (0..self.models.len()).collect();
        order.sort_by_key(|&model| (std::cmp::Reverse(voters[model].len()), self.models[model].clone()));
        order.truncate(MOST_MODELS);
        let place: HashMap<usize, usize> = order.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let kept = self.votes.into_iter().zip(self.ids).filter_map(|(vote, id)| {
            let [a, b] = vote.models;
            Some((Judged { models: [*place.get(&a)?, *place.get(&b)?], ..vote }, id))
        });
        (self.votes, self.ids) = kept.unzip();
        self.models = order.iter().map(|&model| self.models[model].clone()).collect();
        self.marks = mark(&self.votes, self.models.len(), most_weight);
        self
    }

    /// Names of the votes and what is thought of them, oldest first.
    pub fn marks(&self) -> impl Iterator<Item = (&str, &Mark)> {
        self.ids.iter().map(String::as_str).zip(&self.marks)
    }

    fn rank(&self, labels: &HashMap<String, String>, most_weight: f64) -> Leaderboard {
        let ballots = ballots(&self.votes, &self.marks);
        let ranking = Ranking::weighed(self.models.len(), &ballots);
        let order: Vec<usize> = ranking.standings.iter().map(|standing| standing.place).collect();
        let marked = |what: fn(&Mark) -> bool| self.marks.iter().filter(|mark| what(mark)).count();
        let mut sources: Vec<u32> = ballots.iter().map(|ballot| ballot.voter).collect();
        sources.dedup();
        Leaderboard {
            method: format!(
                "Bradley-Terry by penalised maximum likelihood; both bad is half a win for each. All votes of one source (address and day), of one \
                 browser and of one owner together weigh {most_weight} at most. Intervals: {:.0} % of {ROUNDS} rounds of a bootstrap that weighs sources.",
                COVERAGE * 100.0
            ),
            standings: ranking
                .standings
                .iter()
                .map(|standing| Place {
                    model_sha256: self.models[standing.place].clone(),
                    label: labels.get(&self.models[standing.place]).cloned(),
                    chance: standing.chance,
                    interval: standing.interval.into(),
                    votes: standing.meetings,
                })
                .collect(),
            wins: order.iter().map(|&i| order.iter().map(|&j| ranking.wins[i][j]).collect()).collect(),
            is_told_apart: ranking.told_apart.is_some(),
            votes: ranking.meetings,
            weight: self.marks.iter().map(|mark| mark.weight).sum(),
            sources: sources.len(),
            flags: Flags {
                copies: marked(|mark| mark.is_copy),
                light: marked(|mark| mark.weight < 1.0 && !mark.is_copy),
                one_sided: marked(|mark| mark.is_one_sided),
                outliers: marked(|mark| mark.is_outlier),
            },
        }
    }
}

/// Small numbers for names, in the order of their first appearance.
#[derive(Default)]
struct Names<Name>(HashMap<Name, u32>);

impl<Name: Hash + Eq> Names<Name> {
    fn number(&mut self, name: Name) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX); // far fewer votes are read
        *self.0.entry(name).or_insert(next)
    }

    fn names(self) -> Vec<Name> {
        let mut names: Vec<(Name, u32)> = self.0.into_iter().collect();
        names.sort_by_key(|(_, number)| *number);
        names.into_iter().map(|(name, _)| name).collect()
    }
}
