use crate::app::language::words::{Device, Page, Stages};
use crate::app::own::{SIMULATED, TRAINED_HERE};

pub(super) const PAGE: Page = Page {
    title: "Thermostat: Wie ein Sprachmodell auf Temperatur reagiert",
    description: "Ein kleines Sprachmodell bei steigender Temperatur: Welche Antworten ändern sich, welche bleiben gleich? Alles läuft in \
                  diesem Browser.",
    skip: "Direkt zum Instrument",
    claim: "Training mit menschlichem Feedback (RLHF) bringt einem Sprachmodell bei, wann es auf seine Temperatur hören soll: Gedichte \
            bleiben vielfältig, Fakten festigen sich. Hier antwortet ein kleines Modell, live, in diesem Tab.",
    loading: "Die Seite wird geladen …",
    foreign_models: Some(
        "Die Modelle verstehen und schreiben nur Englisch; Prompts und Antworten bleiben deshalb englisch.",
    ),
    language: "Sprache",
    contents: "Kapitel",
    chapters: [
        "Die Temperatur steigt",
        "Im Inneren eines Tokens",
        "Das Experiment",
        "Jenseits der Vorbilder",
        "Sie urteilen",
        "Lernen aus den eigenen Urteilen",
    ],
    tour: "Rundgang",
    lecture: "Vortragsansicht",
};

pub(super) const DEVICE: Device = Device {
    runs_on: "Läuft auf: ",
    failed: "Läuft nicht",
    stopped: "Angehalten",
    starting: "Startet …",
    absent: "Noch rechnet nichts.",
    processor: "Das Modell läuft auf dem Prozessor.",
    graphics: "WebGPU ist verfügbar und hat den Selbsttest bestanden.",
    imitation: "WebGPU ist verfügbar und hat den Selbsttest bestanden, rechnet hier aber auf dem Prozessor.",
    workers: |count| {
        format!(
            "{count} Worker teilen sich die Antworten: Jeder berechnet einen Teil davon auf einem eigenen Kern."
        )
    },
    graphics_card: |note| format!("Grafikkarte: {note}"),
    opening: "Die Grafikkarte wird geprüft …",
    reopening: "Die Verbindung zur Grafikkarte ging verloren. Der Prozessor rechnet weiter, die Grafikkarte wird noch einmal versucht.",
    no_webgpu: "Dieser Browser hat kein WebGPU.",
    no_adapter: "Dieser Browser hat keine Grafikkarte für WebGPU gefunden.",
    software: |name| {
        let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
        format!("WebGPU ist hier nur nachgebildet{name} und langsamer als der Prozessor.")
    },
    unwanted: "Der Prozessor ist ausdrücklich gewählt.",
    local: "Das Modell läuft hier: Prompts und Antworten werden in diesem Browser verarbeitet. Das Gerät lässt sich unter „Weitere Einstellungen“ wählen.",
};

pub(super) const STAGES: Stages = Stages {
    label: |label| {
        Some(match label {
            "Over-optimised" => "Überoptimiert",
            "Reward model" => "Belohnungsmodell",
            "You" => "Sie",
            "You (simulated)" => "Sie (simuliert)",
            _ => return None,
        })
    },
    summary: |summary| {
        Some(match summary {
            "Trained to imitate answers by simulated annotators of varying skill, mistakes included." => {
                "Überwachtes Feintuning (SFT): darauf trainiert, Antworten nachzuahmen, die simulierte Annotatoren von unterschiedlichem Können gaben, Fehler inbegriffen."
            }
            "Fine-tuned on the best of many sampled answers by reward, mixed with the best of earlier versions." => {
                "Weitertrainiert an den nach Belohnung besten von vielen Stichproben, gemischt mit den besten früherer Versionen."
            }
            "RLHF v4, improved further by policy gradient (PPO) against the reward model, on a leash to v4." => {
                "RLHF v4, weitertrainiert auf hohe Bewertungen durch das Belohnungsmodell (PPO) und dabei an v4 gebunden."
            }
            "Deliberately spoilt: PPO without the leash, to show what a policy does to a reward model." => {
                "Mit Absicht verdorben: PPO ohne diese Bindung. Es zeigt, was ein Modell einem Belohnungsmodell antun kann."
            }
            "Scores an answer; trained on comparisons by the simulated panel." => {
                "Bewertet eine Antwort; trainiert an Vergleichen der simulierten Annotatoren."
            }
            own if own.starts_with(TRAINED_HERE) && own.contains(SIMULATED) => {
                "In diesem Browser trainiert, ausgehend von SFT, mit Urteilen eines simulierten Annotators."
            }
            own if own.starts_with(TRAINED_HERE) => {
                "In diesem Browser trainiert, ausgehend von SFT, mit Ihren Urteilen."
            }
            _ => return None,
        })
    },
    line: |parameters, file, label| match file {
        Some((size, quantization)) => format!("{parameters} Parameter · {size} ({quantization}) · {label}"),
        None => format!("{parameters} Parameter · {label}"),
    },
};
