//! The tour: a few stops, each with a chapter and settings. What is said there: `language`.

use super::chapter::Chapter;
use super::prompts::Side;
use super::settings::{Change, MOST_ANSWERS, Settings};

/// One stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Where it is.
    pub chapter: Chapter,
    /// Id of what is looked at.
    pub place: &'static str,
    /// The temperature in tenths that it is about, if it is about one.
    pub tenths: Option<u8>,
    /// Which stage answers in the first chapter, if it is about that.
    pub stage: Option<Stage>,
}

/// A stage of the first chapter at a stop; no other stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// Id of the columns of answers.
pub const ANSWERS: &str = "columns";
/// The column of factual answers: beside the other one, or on a phone below it.
const FACTS: &str = Side::Factual.column();

/// The stops, in order.
pub const STOPS: [Stop; 8] = [
    Stop { chapter: Chapter::Instrument, place: ANSWERS, tenths: Some(3), stage: Some(Stage::First) },
    Stop { chapter: Chapter::Instrument, place: FACTS, tenths: Some(12), stage: Some(Stage::First) },
    Stop { chapter: Chapter::Instrument, place: FACTS, tenths: Some(12), stage: Some(Stage::Last) },
    Stop { chapter: Chapter::Inside, place: Chapter::Inside.id(), tenths: None, stage: None },
    Stop { chapter: Chapter::Experiment, place: Chapter::Experiment.id(), tenths: None, stage: None },
    Stop { chapter: Chapter::Rewards, place: Chapter::Rewards.id(), tenths: None, stage: None },
    Stop { chapter: Chapter::Compare, place: Chapter::Compare.id(), tenths: None, stage: None },
    Stop { chapter: Chapter::Learn, place: Chapter::Learn.id(), tenths: None, stage: None },
];

impl Stop {
    /// What it changes in the settings. `ids`: the published stages in order.
    #[must_use]
    pub fn changes(&self, ids: &[String]) -> Vec<Change> {
        let mut changes = vec![Change::Chapter(self.chapter)];
        changes.extend(self.tenths.map(Change::Temperature));
        let chosen = match self.stage {
            Some(Stage::First) => ids.first(),
            Some(Stage::Last) => ids.last(),
            None => None,
        };
        changes.extend(chosen.into_iter().flat_map(|id| [Change::Beside(None), Change::Stage(id.clone())]));
        if self.stage.is_some() {
            // What is said of the answers is said of these.
            let usual = Settings::default();
            // With few answers the measures are noise.
            changes.extend([Change::Answers(MOST_ANSWERS), Change::TopK(None), Change::TopP(None)]);
            changes.extend(
                Side::ALL.into_iter().zip(usual.prompts).map(|(side, prompt)| Change::Prompt(side, prompt)),
            );
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::Prompt;

    fn begin() -> Settings {
        Settings {
            answers: 3,
            top_k: Some(1),
            prompts: Side::ALL.map(|_| Prompt::own("Hello?")),
            stage: "rlhf-v2".to_owned(),
            beside: Some("rlhf-v5".to_owned()),
            ..Settings::default()
        }
    }

    fn at(stop: usize, ids: &[&str]) -> Settings {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let mut settings = begin();
        STOPS[stop].changes(&ids).into_iter().for_each(|change| settings.apply(change));
        settings
    }

    #[test]
    fn every_chapter_has_a_stop_in_the_pages_order() {
        let places = STOPS.map(|stop| Chapter::ALL.iter().position(|chapter| *chapter == stop.chapter));
        assert!(places.is_sorted());
        assert!(Chapter::ALL.iter().all(|chapter| STOPS.iter().any(|stop| stop.chapter == *chapter)));
    }

    #[test]
    fn the_stage_named_stands_there() {
        let ids = ["sft", "rlhf-v1", "rlhf-v5"];
        assert_eq!((at(0, &ids).stage.as_str(), at(0, &ids).beside), ("sft", None));
        assert_eq!((at(2, &ids).stage.as_str(), at(2, &ids).beside), ("rlhf-v5", None));
        assert_eq!((at(0, &ids).answers, at(0, &ids).top_k), (25, None));
        assert_eq!(at(0, &ids).prompts, Settings::default().prompts);
        assert_eq!(at(1, &[]).stage, "rlhf-v2", "before the stages are known they stay");
        assert_eq!(at(4, &ids), Settings { chapter: Chapter::Experiment, ..begin() });
    }
}
