//! An experiment as a picture for elsewhere: one SVG that needs no style sheet.

use super::axes::{Axes, points};
use super::live::{CurvePoint, Experiment};
use super::marks::{corners, marked_point};
use super::plan::Kind;
use super::recorded::RecordedExperiment;

/// Size of the picture.
pub const WIDTH: f64 = 1000.0;
/// Height without the legend's lines.
const HEIGHT: f64 = 460.0;
const PANEL: f64 = 430.0;
const TOP: f64 = 56.0;
const PLOT: f64 = 320.0;
const LEFT: [f64; 2] = [56.0, 556.0];
/// Shades of the stages, as on the page: grey, then from light to deep green, then violet. An eighth begins again.
const SHADES: [&str; 7] = ["#6d6c78", "#2aa876", "#1f8f68", "#147255", "#0c5743", "#073e33", "#7945ab"];
/// Radius of the marks of curves, and of recorded ones.
const RADIUS: [f64; 2] = [4.0, 3.0];

/// What the picture says, in the language of whoever takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captions {
    /// Titles of the panels: creative prompts, factual prompts.
    pub titles: [&'static str; 2],
    /// Name of the axis across.
    pub temperature: &'static str,
    /// What was measured, below.
    pub note: String,
    /// What the dotted curves are, where there are any.
    pub dotted: &'static str,
    /// Between whole and parts of a number.
    pub decimal_mark: char,
}

/// Height of the picture of an experiment.
#[must_use]
pub fn height(experiment: &Experiment) -> f64 {
    HEIGHT + 22.0 * (experiment.stages.len().div_ceil(6) as f64 + 1.0)
}

/// The picture. Dotted: recorded curves of the same weights, if there are any.
#[must_use]
pub fn svg(experiment: &Experiment, recorded: Option<&RecordedExperiment>, captions: &Captions) -> String {
    let height = height(experiment);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#1b1c22\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for (kind, left) in Kind::ALL.into_iter().zip(LEFT) {
        out.push_str(&panel(experiment, recorded, captions, kind, left));
    }
    for (place, stage) in experiment.stages.iter().enumerate() {
        let (x, y) = (LEFT[0] + 150.0 * (place % 6) as f64, HEIGHT + 8.0 + 22.0 * (place / 6) as f64);
        out.push_str(&format!(
            "<line x1=\"{x}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{}\" stroke-width=\"2.5\"/>\
             {}<text x=\"{}\" y=\"{}\">{}</text>\n",
            x + 24.0,
            shade(place),
            mark(place, (x + 12.0, y), RADIUS[0], shade(place), "#ffffff"),
            x + 30.0,
            y + 4.0,
            escaped(&stage.label)
        ));
    }
    let dotted = recorded.map(|_| format!(" {}", captions.dotted)).unwrap_or_default();
    out.push_str(&format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"12\" fill=\"#565764\">{}</text>\n</svg>\n",
        LEFT[0],
        height - 10.0,
        escaped(&format!("{}{dotted}", captions.note)),
    ));
    out
}

fn panel(
    experiment: &Experiment,
    recorded: Option<&RecordedExperiment>,
    captions: &Captions,
    kind: Kind,
    left: f64,
) -> String {
    let hottest = experiment.protocol.temperatures.iter().copied().fold(1.5, f32::max);
    let axes = Axes {
        across: (left, left + PANEL),
        down: (TOP, TOP + PLOT),
        x: (0.1, f64::from(hottest)),
        y: (0.0, 1.0),
    };
    let title = match kind {
        Kind::Creative => captions.titles[0],
        Kind::Factual => captions.titles[1],
    };
    let marked = |number: String| number.replace('.', &captions.decimal_mark.to_string());
    let mut out =
        format!("<text x=\"{left}\" y=\"34\" font-size=\"16\" font-weight=\"600\">{title}</text>\n");
    for value in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let at = axes.y(value);
        out.push_str(&format!(
            "<line x1=\"{left}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#dddad2\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#565764\">{}</text>\n",
            left + PANEL,
            left - 8.0,
            at + 4.0,
            marked(value.to_string())
        ));
    }
    for temperature in [0.1, 0.5, 1.0, f64::from(hottest)] {
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#565764\">{}</text>\n",
            axes.x(temperature),
            TOP + PLOT + 20.0,
            marked(format!("{temperature:.1}"))
        ));
    }
    out.push_str(&format!(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
        left + PANEL / 2.0,
        TOP + PLOT + 42.0,
        captions.temperature
    ));
    let curves: Vec<Vec<CurvePoint>> =
        (0..experiment.stages.len()).map(|stage| experiment.curve(stage, kind)).collect();
    for (place, curve) in curves.iter().enumerate().filter(|(_, curve)| !curve.is_empty()) {
        let upper = curve.iter().map(|p| (f64::from(p.temperature), p.mean + p.deviation));
        let lower = curve.iter().rev().map(|p| (f64::from(p.temperature), p.mean - p.deviation));
        out.push_str(&format!(
            "<polygon points=\"{}\" fill=\"{}\" opacity=\"0.1\"/>\n",
            axes.points(upper.chain(lower)),
            shade(place)
        ));
    }
    for (place, stage) in experiment.stages.iter().enumerate() {
        let ghost = recorded.and_then(|recorded| recorded.of_weights(&stage.id, &stage.sha256));
        if let Some(ghost) = ghost {
            let curve = ghost.curve(kind);
            let marked = marked_point(place, curve.len())
                .map(|point| (axes.x(curve[point].0), axes.y(curve[point].1)));
            let mark = marked.map(|at| mark(place, at, RADIUS[1], "#ffffff", shade(place)));
            out.push_str(&format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-dasharray=\"1 3\"/>{}\n",
                axes.points(curve),
                shade(place),
                mark.unwrap_or_default()
            ));
        }
    }
    for (place, curve) in curves.iter().enumerate().filter(|(_, curve)| !curve.is_empty()) {
        out.push_str(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\" stroke-linejoin=\"round\"/>\n",
            axes.points(curve.iter().map(|p| (f64::from(p.temperature), p.mean))),
            shade(place)
        ));
        for point in curve {
            let at = (axes.x(f64::from(point.temperature)), axes.y(point.mean));
            out.push_str(&mark(place, at, RADIUS[0], shade(place), "#ffffff"));
        }
        out.push('\n');
    }
    out
}

/// A stage's mark about a point of the picture.
fn mark(place: usize, (x, y): (f64, f64), radius: f64, fill: &str, stroke: &str) -> String {
    let shape = match corners(place) {
        [] => format!("circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\""),
        corners => {
            let corners = corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius));
            format!("path d=\"M{}Z\"", points(corners))
        }
    };
    format!("<{shape} fill=\"{fill}\" stroke=\"{stroke}\"/>")
}

fn shade(place: usize) -> &'static str {
    SHADES[place % SHADES.len()]
}

/// Text that may stand in XML: a file that somebody brought back names its stages as it likes.
fn escaped(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::live::{EXPERIMENT_VERSION, ExperimentStage, Measured};
    use super::super::plan::{Length, blocks, protocol};
    use super::*;

    fn captions() -> Captions {
        Captions {
            titles: ["Kreativ", "Fakten"],
            temperature: "Temperatur",
            note: "n < 3".to_owned(),
            dotted: "Gepunktet.",
            decimal_mark: ',',
        }
    }

    fn experiment(label: &str) -> Experiment {
        let stage = |id: &str| ExperimentStage {
            id: id.to_owned(),
            label: label.to_owned(),
            sha256: "ab".to_owned(),
        };
        let mut experiment = Experiment {
            version: EXPERIMENT_VERSION,
            began_unix_ms: 1,
            length: Length::Quick,
            protocol: protocol(Length::Quick, &["a"], &["b"], 7),
            engine: String::new(),
            stages: vec![stage("sft"), stage("rlhf-v1")],
            done: Vec::new(),
        };
        for block in blocks(&experiment.protocol, 2).into_iter().take(3) {
            experiment.take_in(Measured { block, self_bleu: vec![0.5; 8], distinct: vec![5; 8] });
        }
        experiment
    }

    #[test]
    fn every_curve_that_has_points_is_drawn_with_its_band() {
        let picture = svg(&experiment("SFT"), None, &captions());
        assert_eq!(picture.matches("<polyline").count(), 3, "two creative curves, one factual");
        assert_eq!(picture.matches("<polygon").count(), 3);
        assert!(
            picture.contains("points=\"56.0,216.0 117.4,216.0"),
            "T = 0.1 on the left, 0.5 in the middle"
        );
        assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>\n"));
        assert!(!picture.contains("NaN"));
        let points = experiment("SFT").protocol.temperatures.len();
        assert_eq!(
            picture.matches("<circle").count(),
            2 * points + 1,
            "a disc per point of SFT, and in the legend"
        );
        assert_eq!(picture.matches("<path").count(), points + 1, "squares of the other stage");
        for text in [">Kreativ<", ">Fakten<", ">Temperatur<", ">0,25<", ">1,5<", ">n &lt; 3<"] {
            assert!(picture.contains(text), "{text}");
        }
    }

    /// The whole picture, as it was when it was last looked at. `UPDATE_SNAPSHOTS=1 cargo test` writes it anew, to be looked at again.
    #[test]
    fn the_picture_is_the_one_that_was_looked_at() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/experiment.svg");
        let mut seven = experiment("SFT");
        seven.stages = (0..7)
            .map(|order| ExperimentStage {
                id: order.to_string(),
                label: format!("Stage {order}"),
                sha256: "ab".to_owned(),
            })
            .collect();
        seven.done.clear();
        for block in blocks(&seven.protocol, 7) {
            let slope = 0.02 * f64::from(block.stage) + if block.kind == Kind::Factual { 0.3 } else { 0.0 };
            let value = |t: &f32| {
                (1.0 - f64::from(*t) * (0.6 - slope) + 0.03 * f64::from(block.prompt)).clamp(0.0, 1.0)
            };
            let self_bleu: Vec<f64> = seven.protocol.temperatures.iter().map(value).collect();
            let distinct = vec![5; self_bleu.len()];
            seven.take_in(Measured { block, self_bleu, distinct });
        }
        let picture = svg(&seven, None, &captions());
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, &picture).expect("written");
        }
        assert!(
            std::fs::read_to_string(path).expect("the snapshot") == picture,
            "the picture has changed: {path}"
        );
    }

    #[test]
    fn labels_are_text_and_nothing_else() {
        let picture = svg(&experiment("<script>\"&\u{1}"), None, &captions());
        assert!(picture.contains("&lt;script&gt;&quot;&amp;</text>") && !picture.contains("<script"));
    }

    #[test]
    fn recorded_curves_of_the_published_weights_are_dotted() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/recorded.json");
        let recorded =
            RecordedExperiment::read(&std::fs::read(path).expect("the file")).expect("a recording");
        let mut experiment = experiment("SFT");
        experiment.stages[0].sha256 = recorded.stages[0].sha256.clone();
        let picture = svg(&experiment, Some(&recorded), &captions());
        assert_eq!(picture.matches("stroke-dasharray").count(), 2, "one stage, both kinds");
        let hollow = "fill=\"#ffffff\" stroke=\"#6d6c78\"/>";
        assert_eq!(picture.matches(hollow).count(), 2, "with a mark each");
    }
}
