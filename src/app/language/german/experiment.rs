use super::WORDS;
use super::faults::said;
use crate::app::experiment::state::{Notice, Outcome};
use crate::app::language::words::{Experiment, OfStage, Picture};
use crate::app::prompts::Side;
use crate::experiment::live::{EXPERIMENT_VERSION, ExperimentError};
use crate::experiment::plan::Length;
use crate::experiment::verdict::Fall;

pub(super) const EXPERIMENT: Experiment = Experiment {
    lede: "Abbildung 21 des Fachartikels, selbst gemessen: viele Prompts, je 25 Antworten bei jeder Temperatur, für jede \
           Trainingsstufe. Flachen die Kurven der Fakten mit RLHF ab, während die kreativen weiter fallen? Die Abbildung im Fachartikel endet bei v3.",
    pause: "Pause",
    stop: "Abbrechen und verwerfen",
    resume: "Weiter",
    begin: ["Kurz: unter einer Minute", "Das ganze Protokoll"],
    begin_again: ["Noch einmal kurz", "Noch einmal ganz"],
    discard: "Verwerfen",
    bring_back: "Das vorige zurückholen",
    bar: "Anteil des Experiments, der fertig ist",
    done: |all| format!("Fertig: {all} von {all} Teilen."),
    part: |part, all, left_ms| {
        let left = left_ms.map(|ms| format!(", {}", time_left(ms))).unwrap_or_default();
        format!("Teil {part} von {all}{left}")
    },
    paused: |done, all| format!("Pause: {done} von {all} Teilen sind fertig und gespeichert."),
    verdict: |[first, last], verdict| {
        let [creative, factual] = verdict.falls;
        let fall = |fall: Fall| {
            let [before, after] = fall.means.map(|mean| WORDS.number(mean, 2));
            let (less, all) = fall.less;
            format!(
                "bei {first} um {before}, bei {last} um {after} (um weniger bei {less} von {all} Prompts)"
            )
        };
        let [low, high, middle] = [verdict.temperatures[0], verdict.temperatures[1], verdict.middle]
            .map(|t| WORDS.number(t.into(), 1));
        let answer = match (factual.is_smaller(), creative.is_smaller()) {
            (true, false) => {
                "Hier werden die Kurven der Fakten mit RLHF also flacher, und die der Gedichte fallen weiter."
            }
            (true, true) => "Hier werden mit RLHF also beide flacher.",
            (false, false) => "Von Zufall ist beides nicht zu unterscheiden, bei so wenigen Prompts.",
            (false, true) => {
                "Hier werden mit RLHF also die Gedichte flacher; ob die Fakten, ist von Zufall nicht zu unterscheiden."
            }
        };
        let [before, after] = verdict.creative;
        let price = if after > before {
            format!(
                " Der Preis: Bei gleicher Temperatur ähneln auch die Gedichte einander mehr als zuvor (bei T = {middle} {first} {}, {last} {}).",
                WORDS.number(before, 2),
                WORDS.number(after, 2)
            )
        } else {
            String::new()
        };
        format!(
            "Von T = {low} bis {high} sinkt Self-BLEU der Fakten {}; das der Gedichte {}. {answer}{price}",
            fall(factual),
            fall(creative)
        )
    },
    stages: "Stufen",
    bands: "Bänder: eine Standardabweichung über die Prompts. Self-BLEU: 1 heißt gleich, 0 verschieden; ganze Antworten, N-Gramme von bis zu \
            vier Wörtern.",
    engine: |engine| format!("Gerechnet auf: {engine}."),
    caption: |length, seed, protocol| {
        let length = match length {
            Length::Quick => "Kurzes Experiment",
            Length::Full => "Ganzes Protokoll",
        };
        format!("{length}, Startwert {seed}: {protocol}.")
    },
    protocol: |stages, creative, factual, answers, temperatures, first, last| {
        let stages = if stages == 1 { "1 Stufe".to_owned() } else { format!("{stages} Stufen") };
        format!(
            "{stages}, {creative} kreative Aufgaben und {factual} Faktenfragen, je {answers} Antworten bei {temperatures} Temperaturen von \
             {first} bis {last}"
        )
    },
    only_recorded: "Gepunktet: aufgezeichnet, als die Modelle veröffentlicht wurden, nicht in diesem Tab. Das Experiment zeichnet eigene \
                    Kurven darüber.",
    panel: |prompts| {
        format!("{prompts}: Self-BLEU je Temperatur. Die Zahlen stehen in der Tabelle darunter.")
    },
    multiples: "Prompt für Prompt",
    multiple: |[from, to], stages| {
        let stage = |(label, [first, last]): &OfStage<'_, 2>| format!("{label}: von {first} auf {last}");
        let stages: Vec<String> = stages.iter().map(stage).collect();
        format!("Self-BLEU von T = {from} bis {to}. {}.", stages.join("; "))
    },
    tables: "Die Zahlen",
    table: |side| {
        let prompts = match side {
            Side::Creative => "Kreative Aufgaben",
            Side::Factual => "Faktenfragen",
        };
        format!("{prompts}: Self-BLEU, Mittel ± Standardabweichung über die Prompts")
    },
    files: ["Daten als CSV", "Diagramm als SVG", "Diagramm als PNG", "Daten als JSON"],
    open: "JSON-Datei öffnen",
    running: "Das Experiment läuft.",
    is_done: "Das Experiment ist fertig.",
    resting: |done, all| format!("Das Experiment ruht: {done} von {all} Teilen sind fertig."),
    notice: |notice| match notice {
        Notice::Done(outcome) | Notice::Problem(outcome) => self::outcome(outcome),
        Notice::Failed(error) => said(error),
    },
    outcome,
    picture: Picture {
        caption: |answers, seed| {
            format!(
                "Self-BLEU von je {answers} Antworten, Mittel und eine Standardabweichung über die Prompts; Startwert {seed}."
            )
        },
        dotted: "Gepunktet: aufgezeichnet, als die Modelle veröffentlicht wurden.",
    },
};

pub(super) fn time_left(ms: f64) -> String {
    match (ms / 1000.0).round() as u64 {
        0..=9 => "noch ein paar Sekunden".to_owned(),
        seconds @ 10..=89 => format!("noch etwa {} Sekunden", (seconds + 2) / 5 * 5),
        seconds => format!("noch etwa {} Minuten", (seconds + 30) / 60),
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Written(name) => format!("{name} ist geschrieben."),
        Outcome::Opened => "Geöffnet: Das ist das Experiment aus der Datei.".to_owned(),
        Outcome::Unwritten(detail) => format!("Die Datei ließ sich nicht schreiben ({detail})."),
        Outcome::NotHandedOver => {
            "Dieser Browser hat die Datei nicht angenommen. Vielleicht gelingt es mit einem anderen Browser.".to_owned()
        }
        Outcome::NotKept => "Das Experiment wird ein Neuladen nicht überstehen: Dieser Browser lässt die Seite nichts speichern, oder der \
                             Speicher ist voll. Laden Sie es herunter, bevor Sie die Seite verlassen."
            .to_owned(),
        Outcome::Unreadable => "Nicht geöffnet: Diese Datei ist nicht lesbar.".to_owned(),
        Outcome::Refused(error) => match error {
            ExperimentError::Unreadable(detail) => {
                format!("Nicht geöffnet: Diese Datei ist kein Experiment dieser Seite ({detail}).")
            }
            ExperimentError::Version(found) => format!(
                "Nicht geöffnet: Diese Datei hat die Version {found}; diese Seite liest die Version {EXPERIMENT_VERSION}."
            ),
            ExperimentError::TooLarge => "Nicht geöffnet: Diese Datei ist größer als jedes Experiment.".to_owned(),
            ExperimentError::Inconsistent(detail) => {
                format!("Nicht geöffnet: Diese Datei widerspricht sich selbst ({detail}).")
            }
        },
    }
}
