use crate::app::language::words::{Advanced, Answers, Chart, Controls, Dials, Instrument, Progress, Prompts};
use crate::app::prompts::Side;

const SIDES: [&str; 2] = ["Kreativ", "Fakten"];

pub(super) const INSTRUMENT: Instrument = Instrument {
    lede: "Regler hochschieben und die Fakten im Auge behalten.",
    temperature: "Temperatur",
    warmth: ["kalt", "kühl", "gemäßigt", "wie gelernt", "warm", "heiß", "sehr heiß"],
    effects: [
        "Fast immer das wahrscheinlichste nächste Wort.",
        "Wahrscheinliche Wörter gewinnen; Überraschungen sind selten.",
        "Wahrscheinliche Wörter führen; andere haben eine Chance.",
        "Die Wahrscheinlichkeiten genau so, wie das Modell sie gelernt hat.",
        "Unwahrscheinliche Wörter kommen öfter als gelernt.",
        "Die Unterschiede ebnen sich ein: Ausrutscher werden häufig.",
        "Fast jedes Wort kann kommen.",
    ],
    sides: SIDES,
    hints: ["Viele Antworten sind gut.", "Eine Antwort ist richtig."],
    prompts: ["Kreative Aufgaben", "Faktenfragen"],
    answers: |stage, side, temperature| {
        let stage = stage.map(|stage| format!("{stage}: ")).unwrap_or_default();
        let at = temperature.map(|at| format!(" bei Temperatur {at}")).unwrap_or_default();
        let answers = match side {
            Side::Creative => "Kreative Antworten",
            Side::Factual => "Antworten auf die Faktenfrage",
        };
        format!("{stage}{answers}{at}")
    },
};

pub(super) const CONTROLS: Controls = Controls {
    stage: "Trainingsstufe",
    compare: "Vergleichen mit",
    nothing: "nichts",
    answers: "Antworten je Seite",
    run: "Noch einmal",
    cancel: "Abbrechen",
    new_seed: "Neuer Startwert",
    new_seed_title: "Andere Zufallszahlen, also andere Antworten",
    copy: "Link kopieren",
    copied: "Link kopiert",
    copy_title: "Wer den Link öffnet, sieht dieselben Antworten",
    copy_by_hand: "Der Browser lässt die Seite nicht kopieren. Von hier geht es:",
    no_list: "Die Liste der Modelle ist unterwegs.",
    one_stage: "SFT ist das Modell vor RLHF: Wärme sollte beide Spalten auflockern. RLHF-Stufen kommen dazu, sobald sie trainiert sind.",
};

pub(super) const ADVANCED: Advanced = Advanced {
    open: "Weitere Einstellungen",
    seed: "Startwert",
    seed_note: "Derselbe Startwert ergibt dieselben Antworten.",
    off: "aus",
    top_k_note: "Nur unter den k wahrscheinlichsten Tokens wählen. Leer: aus.",
    top_p_note: "Nur unter den wahrscheinlichsten Tokens wählen, die zusammen diese Wahrscheinlichkeit erreichen. Leer: aus.",
    device: "Gerät",
    devices: ["Automatisch", "Prozessor (CPU)", "Grafikkarte (WebGPU)"],
    device_note: "Automatisch heißt: Es beginnt der Prozessor; eine echte Grafikkarte übernimmt, sobald ihre Ergebnisse mit seinen übereinstimmen.",
    wide: "Temperatur bis 2,0 zulassen (der Fachartikel hört bei 1,5 auf)",
};

pub(super) const PROMPTS: Prompts = Prompts {
    picker: ["Kreativer Prompt", "Faktenfrage"],
    own_entry: "Eigener Prompt …",
    own: "Eigener Prompt",
    type_here: "Prompt auf Englisch eingeben",
    ask: "Fragen",
    learned: [
        "Dieses Modell hat kurze Reime, Haiku und Aufzählgedichte gelernt, auf Englisch; einen Versuch wert ist „Write a haiku about \
         rain“. Auch auf anderes antwortet es, nur selten gut.",
        "Dieses Modell hat Hauptstädte, Kontinente und einige weitere Arten von Fakten gelernt, auf Englisch; einen Versuch wert ist „What \
         is the capital of Kenya?“. Auch auf anderes antwortet es, nur selten gut.",
    ],
};

pub(super) const DIALS: Dials = Dials {
    self_bleu: "Ähnlichkeit im Wortlaut: 1 heißt gleich.",
    distinct: "Verschiedene",
    of: |answers| format!("von {answers}"),
    distinct_meaning: "Anzahl verschiedener Antworten.",
    entropy: "Entropie",
    bits: "Bit",
    entropy_meaning: |most| match most {
        Some(most) => format!("Streuung: 0 heißt alle gleich, {most} alle verschieden."),
        None => "Streuung: 0 heißt alle gleich.".to_owned(),
    },
    sentence: |stage, side, distinct, answers, self_bleu| {
        let stage = stage.map(|stage| format!("{stage}, ")).unwrap_or_default();
        let likeness = self_bleu.map(|value| format!(", Self-BLEU {value}")).unwrap_or_default();
        let side = SIDES[side.index()];
        format!("{stage}{side}: {distinct} von {answers} verschieden{likeness}.")
    },
};

pub(super) const ANSWERS: Answers = Answers {
    empty: "(eine leere Antwort)",
    cut: "an der Längengrenze abgeschnitten",
    given: |times| {
        if times == 1 { "einmal gegeben".to_owned() } else { format!("{times}-mal gegeben") }
    },
    tokens: "Tokens",
    of_answer: " dieser Antwort: ",
    more: |count| format!("{count} weitere zeigen"),
    fewer: "Weniger zeigen",
};

pub(super) const CHART: Chart = Chart {
    title: "Self-BLEU je Temperatur",
    note: "1 heißt gleich, 0 verschieden. Jeder Halt des Reglers ergibt einen Punkt.",
    sentence: |curves| format!("Self-BLEU je Temperatur. {curves}"),
    points: |side, points| {
        let side = match side {
            Side::Creative => "kreativ",
            Side::Factual => "Fakten",
        };
        if points.is_empty() {
            return format!("{side}: noch keine Temperatur ausprobiert");
        }
        let points: Vec<String> = points.iter().map(|(at, value)| format!("{value} bei {at}")).collect();
        format!("{side}: {}", points.join("; "))
    },
    recorded_ends: |[(first, at_first), (last, at_last)]| {
        format!(" (aufgezeichnet: {first} bei {at_first}, {last} bei {at_last})")
    },
    recorded: |date, answers, prompts| {
        format!("aufgezeichnet am {date}: {answers} Antworten, Mittel über {prompts} Prompts")
    },
    fewer: |answers| {
        format!(". Punkte aus {answers} Antworten liegen tiefer: Weniger haben weniger gemeinsam")
    },
    read: |chart| format!("{chart}: Werte ablesen"),
    read_recorded: |value| format!("aufgezeichnet {value}"),
    read_nothing: "noch nichts",
    recorded_column: |stage| format!("{stage}, aufgezeichnet"),
};

pub(super) const PROGRESS: Progress = Progress {
    bar: "Fortschritt",
    starting: "Der Rechenkern startet …",
    loading: |stage, received, total| match total {
        Some(total) => format!("{stage} wird geladen: {received} von {total}"),
        None => format!("{stage} wird geladen: {received}"),
    },
    stopped: "Angehalten.",
    answers: |done, all| format!("{done} von {}", answers(all)),
    speed: |tokens| format!(", {tokens} Tokens/s"),
    done: |all, tokens, seconds| format!("{}, {tokens} Tokens in {seconds} s", answers(all)),
    cancelled: "Abgebrochen.",
    stop: "Anhalten",
    retry: "Noch einmal versuchen",
    you_stopped: "Das Laden wurde angehalten, bevor alles bereit war.",
    start_again: "Wieder starten",
    answering: "Antworten entstehen …",
};

fn answers(count: usize) -> String {
    if count == 1 { "1 Antwort".to_owned() } else { format!("{count} Antworten") }
}
