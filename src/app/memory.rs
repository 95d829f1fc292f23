//! Self-BLEU by temperature, for what this visit has tried so far.

use std::collections::BTreeMap;

use super::settings::Plan;

/// Most series that are remembered; the oldest goes first.
const MOST_SERIES: usize = 40;

/// Measured points, by what was asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Memory {
    series: Vec<(Plan, BTreeMap<u8, f64>)>,
}

/// No Self-BLEU is NaN. So two handles of one memory are equal without a look at its points.
impl Eq for Memory {}

impl Memory {
    /// Notes the Self-BLEU of a finished run.
    pub fn note(&mut self, plan: &Plan, self_bleu: f64) {
        let key = plan.apart_from_temperature();
        let place = self.series.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            if self.series.len() == MOST_SERIES {
                self.series.remove(0);
            }
            self.series.push((key, BTreeMap::new()));
            self.series.len() - 1
        });
        self.series[place].1.insert(plan.temperature_tenths, self_bleu);
    }

    /// Points (temperature in tenths, Self-BLEU) that are comparable with `plan`, by rising temperature.
    #[must_use]
    pub fn points(&self, plan: &Plan) -> Vec<(u8, f64)> {
        let key = plan.apart_from_temperature();
        let series = self.series.iter().find(|(known, _)| *known == key);
        series.map(|(_, points)| points.iter().map(|(t, y)| (*t, *y)).collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::prompts::Side;
    use crate::app::settings::Settings;

    #[test]
    fn only_runs_that_differ_in_temperature_alone_share_a_line() {
        let mut memory = Memory::default();
        let at = |temperature_tenths, seed| {
            Settings { temperature_tenths, seed, ..Settings::default() }.plan(Side::Creative)
        };
        memory.note(&at(12, 1), 0.2);
        memory.note(&at(7, 1), 0.5);
        memory.note(&at(7, 2), 0.9);
        assert_eq!(memory.points(&at(1, 1)), [(7, 0.5), (12, 0.2)]);
        assert_eq!(memory.points(&at(1, 3)), []);
    }

    #[test]
    fn memory_is_bounded() {
        let mut memory = Memory::default();
        for seed in 0..100 {
            memory.note(&Settings { seed, ..Settings::default() }.plan(Side::Creative), 0.5);
        }
        assert_eq!(memory.series.len(), MOST_SERIES);
    }
}
