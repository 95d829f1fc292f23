//! What the chart of Self-BLEU shows: the points of this visit, by stage, and recorded curves behind them.

use super::prompts::Side;
use super::state::State;
use crate::experiment::recorded::{Point, RecordedExperiment};
use crate::manifest::Stage;

/// How a curve's stage stands to what is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Its answers are on the page.
    Shown,
    /// It was visited before.
    Earlier,
}

/// One stage in the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Name of the stage.
    pub label: String,
    /// Its number in the manifest: the same stage always has the same mark.
    pub order: usize,
    /// How it is drawn.
    pub role: Role,
    /// Per side: temperature in tenths and Self-BLEU as measured now, by rising temperature.
    pub live: [Vec<(u8, f64)>; 2],
    /// Per side: temperature and mean Self-BLEU as recorded, by rising temperature.
    pub recorded: [Vec<(f32, f64)>; 2],
}

impl Curve {
    /// Whether it has recorded points.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.recorded.iter().any(|points| !points.is_empty())
    }

    /// The value measured now at a temperature in tenths.
    #[must_use]
    pub fn live_at(&self, side: Side, tenths: u8) -> Option<f64> {
        let found = self.live[side.index()].iter().find(|(t, _)| *t == tenths);
        found.map(|(_, value)| *value)
    }

    /// The recorded value at a temperature in tenths.
    #[must_use]
    pub fn recorded_at(&self, side: Side, tenths: u8) -> Option<f64> {
        let is_here = |(t, _): &&(f32, f64)| (t * 10.0 - f32::from(tenths)).abs() < 0.01;
        self.recorded[side.index()].iter().find(is_here).map(|(_, value)| *value)
    }

    fn is_empty(&self) -> bool {
        !self.is_recorded() && self.live.iter().all(Vec::is_empty)
    }
}

/// The curves of a state, in the order of the stages. Recorded ones stand behind the stages on the page and behind the
/// first, which is what the others began as.
#[must_use]
pub fn curves_of(state: &State) -> Vec<Curve> {
    let stages: &[Stage] = state.manifest.as_ref().map_or(&[], |manifest| &manifest.stages);
    let recorded = state.recorded.as_deref();
    let curve = |(order, stage): (usize, &Stage)| {
        let is_shown = state.settings.stage == stage.id || state.settings.beside.as_ref() == Some(&stage.id);
        let live = Side::ALL.map(|side| state.memory.points(&state.settings.plan_of(&stage.id, side)));
        let recorded = if is_shown || order == 0 { recorded_of(recorded, stage) } else { Default::default() };
        let role = if is_shown { Role::Shown } else { Role::Earlier };
        Curve { label: stage.label.clone(), order, role, live, recorded }
    };
    let curves = stages.iter().enumerate().map(curve);
    curves.filter(|curve| curve.role == Role::Shown || !curve.is_empty()).collect()
}

/// Recorded points of a stage; none where they were recorded from other weights than those on the page.
fn recorded_of(recorded: Option<&RecordedExperiment>, stage: &Stage) -> [Vec<(f32, f64)>; 2] {
    let Some(curves) = recorded.and_then(|recorded| recorded.stage(&stage.id)) else {
        return Default::default();
    };
    if stage.files.iter().all(|file| file.sha256 != curves.sha256) {
        return Default::default();
    }
    [&curves.creative, &curves.factual].map(|points| {
        let mut points: Vec<_> =
            points.iter().map(|point: &Point| (point.temperature, point.self_bleu_mean)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::app::models::tests::lineage;
    use crate::app::settings::{Change, Settings};
    use crate::app::state::Action;
    use crate::experiment::recorded::{Protocol, RECORDED_VERSION, RecordedStage};

    fn recorded(sha256: &str) -> Rc<RecordedExperiment> {
        let point = |temperature, self_bleu_mean| Point {
            temperature,
            self_bleu_mean,
            self_bleu_deviation: 0.1,
            distinct_mean: 5.0,
        };
        let stage = |id: &str| RecordedStage {
            id: id.to_owned(),
            file: "x.gguf".to_owned(),
            sha256: sha256.to_owned(),
            creative: vec![point(1.5, 0.2), point(0.1, 0.9)],
            factual: vec![point(0.1, 0.9)],
        };
        Rc::new(RecordedExperiment {
            version: RECORDED_VERSION,
            recorded_on: "2026-01-01".to_owned(),
            commit: "unknown".to_owned(),
            protocol: Protocol {
                answers_per_prompt: 25,
                temperatures: vec![0.1, 1.5],
                creative_prompts: Vec::new(),
                factual_prompts: Vec::new(),
                seed: 1,
            },
            stages: vec![stage("sft"), stage("rlhf-v1"), stage("rlhf-v2")],
        })
    }

    fn state() -> State {
        State::new(Settings::default()).after(Action::Manifest(Ok(Rc::new(lineage(3)))))
    }

    #[test]
    fn the_stages_on_the_page_are_there_before_any_point() {
        let labels = |state: &State| curves_of(state).into_iter().map(|c| c.label).collect::<Vec<_>>();
        assert_eq!(labels(&state()), ["SFT"]);
        let state = state().after(Action::Change(Change::Beside(Some("rlhf-v2".to_owned()))));
        assert_eq!(labels(&state), ["SFT", "RLHF v2"]);
    }

    #[test]
    fn points_of_stages_visited_before_stay() {
        let mut state = state();
        let plan = state.settings.plan(Side::Factual);
        Rc::make_mut(&mut state.memory).note(&plan, 0.8);
        let state = state.after(Action::Change(Change::Stage("rlhf-v1".to_owned())));
        let curves = curves_of(&state);
        let roles: Vec<_> = curves.iter().map(|curve| (curve.order, curve.role)).collect();
        assert_eq!(roles, [(0, Role::Earlier), (1, Role::Shown)]);
        assert_eq!(curves[0].live[Side::Factual.index()], [(7, 0.8)]);
        assert_eq!(
            (curves[0].live_at(Side::Factual, 7), curves[0].live_at(Side::Creative, 7)),
            (Some(0.8), None)
        );
    }

    #[test]
    fn recorded_curves_stand_behind_the_stage_on_the_page_and_the_first() {
        let state = state()
            .after(Action::Recorded(recorded("ab")))
            .after(Action::Change(Change::Stage("rlhf-v2".to_owned())));
        let curves = curves_of(&state);
        let seen: Vec<_> = curves.iter().map(|curve| (curve.order, curve.is_recorded())).collect();
        assert_eq!(seen, [(0, true), (2, true)]);
        assert_eq!(curves[0].recorded[0], [(0.1, 0.9), (1.5, 0.2)], "by rising temperature");
        let at = |tenths| curves[0].recorded_at(Side::Creative, tenths);
        assert_eq!((at(1), at(2), at(15)), (Some(0.9), None, Some(0.2)));
    }

    #[test]
    fn curves_of_other_weights_are_not_shown() {
        let state = state().after(Action::Recorded(recorded("cd")));
        assert!(curves_of(&state).iter().all(|curve| !curve.is_recorded()));
    }
}
