//! The answers of one column, as they stream, and what gathers from them.

use super::dials::Dials;
use super::settings::Plan;
use crate::protocol::{GenerateStats, RowDelta, StopReason, VisitorError};
use crate::units::TokenId;

/// One answer, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its text.
    pub text: String,
    /// Tokens sampled so far, without the one that ends it.
    pub tokens: Vec<TokenId>,
    /// Why it stopped; none while it grows.
    pub stop: Option<StopReason>,
}

/// Where a column's run stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing was asked yet.
    #[default]
    Idle,
    /// Asked; answers stream.
    Running,
    /// Every answer has stopped.
    Finished,
    /// The visitor cancelled; what had streamed stays.
    Cancelled,
    /// It could not be done.
    Failed(VisitorError),
}

impl Phase {
    /// Short name for tests and styles.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Failed(_) => "failed",
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Counts up with every run, so that late news of an older run is recognised. 0 before the first.
    pub run: u32,
    /// What is being answered.
    pub plan: Option<Plan>,
    /// The run whose answers are shown: the one before, until the first tokens of a new one arrive.
    pub shown_run: u32,
    /// What the answers shown are answers to.
    pub shown: Option<Plan>,
    /// Where it stands.
    pub phase: Phase,
    /// One per answer.
    pub rows: Vec<Row>,
    /// Diversity of the rows shown; none until a run finishes.
    pub dials: Option<Dials>,
    /// Totals of the last finished run.
    pub stats: Option<GenerateStats>,
}

/// None of its numbers is NaN. So two handles of one column are equal without a look at its answers.
impl Eq for Column {}

impl Column {
    /// Begins a run. The old answers stay in sight until new ones arrive, so that the page does not jump.
    pub fn begin(&mut self, run: u32, plan: Plan) {
        self.run = run;
        self.plan = Some(plan);
        self.phase = Phase::Running;
        self.stats = None;
    }

    /// Forgets the rows of the run so far, because they will come again.
    pub fn restart(&mut self) {
        self.rows.clear();
        self.shown_run = 0;
        self.shown = None;
        self.dials = None;
    }

    /// Whether what is shown belongs to an older run.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.phase == Phase::Running && self.shown_run != self.run
    }

    /// Takes in new tokens.
    pub fn extend(&mut self, deltas: &[RowDelta]) {
        let Some(plan) = &self.plan else { return };
        if self.shown_run != self.run {
            self.shown_run = self.run;
            self.rows = vec![Row::default(); usize::from(plan.answers)];
            self.shown = Some(plan.clone());
            self.dials = None;
        }
        for delta in deltas {
            if let Some(row) = self.rows.get_mut(delta.row as usize) {
                row.text.push_str(&delta.text);
                row.tokens.extend(delta.tokens.iter().map(|token| token.id));
                row.stop = delta.stop.or(row.stop);
            }
        }
    }

    /// Ends a run in some way and reads the dials off the finished answers.
    pub fn end(&mut self, phase: Phase) {
        self.phase = phase;
        let finished: Vec<&str> =
            self.rows.iter().filter(|r| r.stop.is_some()).map(|r| r.text.trim()).collect();
        self.dials = Dials::of(&finished);
    }

    /// Answers of the current run that have stopped.
    #[must_use]
    pub fn finished_rows(&self) -> usize {
        if self.is_stale() { 0 } else { self.rows.iter().filter(|row| row.stop.is_some()).count() }
    }

    /// Tokens of the current run so far.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        if self.is_stale() { 0 } else { self.rows.iter().map(|row| row.tokens.len() as u32).sum() }
    }
}

/// Equal answers, gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The answer.
    pub text: String,
    /// The rows that gave it, ascending. Never empty.
    pub rows: Vec<u32>,
    /// Whether these answers have stopped; a growing answer is alone on its card.
    pub finished: bool,
    /// Whether the length limit cut any of these answers off.
    pub cut: bool,
}

/// Gathers finished answers that are equal into one card. White space makes no difference, as in the metrics.
///
/// While answers stream, cards keep the order of their first row, so nothing jumps; with `by_count`, the most frequent
/// answers come first, and ties keep their order.
#[must_use]
pub fn gather(rows: &[Row], by_count: bool) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    for (index, row) in (0_u32..).zip(rows) {
        let text = row.text.trim();
        let finished = row.stop.is_some();
        let cut = row.stop == Some(StopReason::Length);
        let equal = |card: &&mut Card| {
            finished && card.finished && card.text.split_whitespace().eq(text.split_whitespace())
        };
        match cards.iter_mut().find(equal) {
            Some(card) => {
                card.rows.push(index);
                card.cut |= cut;
            }
            None => cards.push(Card { text: text.to_owned(), rows: vec![index], finished, cut }),
        }
    }
    if by_count {
        cards.sort_by_key(|card| std::cmp::Reverse(card.rows.len()));
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::prompts::Side;
    use crate::app::settings::Settings;
    use crate::protocol::SampledToken;

    fn row(text: &str, finished: bool) -> Row {
        Row { text: text.to_owned(), tokens: vec![7], stop: finished.then_some(StopReason::EndOfAnswer) }
    }

    fn delta(row: u32, text: &str, finished: bool) -> RowDelta {
        let token = SampledToken { id: 7, log_prob: -0.5, entropy: 0.5 };
        RowDelta {
            row,
            tokens: vec![token],
            text: text.to_owned(),
            stop: finished.then_some(StopReason::EndOfAnswer),
        }
    }

    #[test]
    fn equal_finished_answers_share_a_card() {
        let rows = [row("Rome", true), row("Paris", true), row(" Paris", true), row("Paris", false)];
        let cards = gather(&rows, true);
        let seen: Vec<_> = cards.iter().map(|c| (c.text.as_str(), c.rows.clone())).collect();
        assert_eq!(seen, [("Paris", vec![1, 2]), ("Rome", vec![0]), ("Paris", vec![3])]);
    }

    #[test]
    fn cards_keep_their_place_while_answers_stream() {
        let rows = [row("a", false), row("b", true), row("b", true), row("c", false)];
        let firsts: Vec<u32> = gather(&rows, false).iter().map(|card| card.rows[0]).collect();
        assert_eq!(firsts, [0, 1, 3]);
    }

    #[test]
    fn old_answers_stay_until_new_ones_arrive() {
        let mut settings = Settings { answers: 2, ..Settings::default() };
        let mut column = Column::default();
        column.begin(1, settings.plan(Side::Factual));
        column.extend(&[delta(0, "Paris", true), delta(1, "Rome", true)]);
        column.end(Phase::Finished);
        assert!(column.dials.is_some());
        settings.temperature_tenths = 12;
        column.begin(2, settings.plan(Side::Factual));
        assert!(column.is_stale());
        assert_eq!((column.rows[0].text.as_str(), column.finished_rows()), ("Paris", 0));
        column.extend(&[delta(0, "Lyon", false)]);
        assert_eq!((column.rows[0].text.as_str(), column.rows[1].text.as_str()), ("Lyon", ""));
        assert!(column.dials.is_none() && !column.is_stale());
    }

    #[test]
    fn the_same_plan_run_again_begins_from_nothing() {
        let plan = Settings { answers: 1, ..Settings::default() }.plan(Side::Factual);
        let mut column = Column::default();
        for run in 1..3 {
            column.begin(run, plan.clone());
            column.extend(&[delta(0, "Paris", true)]);
            column.end(Phase::Finished);
        }
        assert_eq!(column.rows[0].text, "Paris");
    }

    #[test]
    fn rows_out_of_range_are_ignored() {
        let mut column = Column::default();
        column.extend(&[delta(0, "x", true)]);
        column.begin(1, Settings::default().plan(Side::Creative));
        column.extend(&[delta(99, "x", true)]);
        assert_eq!(column.tokens(), 0);
    }
}
