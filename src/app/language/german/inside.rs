use crate::app::language::words::Inside;
use crate::app::prompts::Side;

pub(super) const INSIDE: Inside = Inside {
    lede: "Ein Modell schreibt Token für Token: ein Wort oder ein Stück davon. Wählen Sie ein Token: Was hätte dort noch stehen können, \
           und wie sicher ist sich jede Trainingsstufe?",
    factual: "Eine Faktenantwort",
    creative: "Eine kreative Antwort",
    own: "Eigener Text",
    or_press: "Oder oben bei einer Antwort auf „Tokens“ drücken.",
    prompt: "Prompt",
    answer: "Antwort",
    type_here: "Was ein Modell antworten könnte",
    read: "Lesen lassen",
    retry: "Noch einmal versuchen",
    have_read: |here, all| format!("{here} von {all} Stufen haben die Antwort gelesen."),
    reading: "Die Antwort wird gelesen …",
    no_answer: "Die ersten Antworten sind unterwegs.",
    by_stage: |side, stage, temperature| {
        let answer = match side {
            Side::Creative => "Eine kreative Antwort",
            Side::Factual => "Eine Faktenantwort",
        };
        format!("{answer} von {stage} bei Temperatur {temperature}.")
    },
    by_visitor: "Selbst eingegeben.",
    tokens: "Tokens der Antwort",
    end: "Ende",
    end_bar: "(Ende)",
    end_spoken: "Ende der Antwort",
    part: "(Teil eines Zeichens)",
    line_end: "Zeilenende",
    colours_of: "Farben von",
    scale_middle: |one| format!("{one}: wie SFT"),
    colours: |stage| {
        format!(
            "Die Farbe eines Tokens ist seine effektive Temperatur: jene, bei der SFT an dieser Stelle so unsicher wäre, wie {stage} es \
             ist. Blau: Das Training hat das Modell sicherer gemacht, und je dicker die Linie darunter, desto mehr. Rot: unsicherer. Ohne Farbe: SFT hatte \
             von vornherein keine Wahl."
        )
    },
    temperature: "Temperatur ",
    bars: "Balken: Wahrscheinlichkeit bei dieser Temperatur. Strich am Balken: wie gelernt, bei 1.",
    on_its_way: "Unterwegs …",
    not_had: "War nicht zu bekommen.",
    reference: "Das Maß für die anderen",
    effective: "Effektive Temperatur ",
    effective_spoken: |value| format!("effektive Temperatur {value}"),
    no_choice: "SFT hat hier keine Wahl",
    out_of_reach: "für SFT unerreichbar",
    others: "alle anderen",
    bar: |came, now, learned| {
        let came = if came { ", so kam es" } else { "" };
        match learned {
            Some([temperature, learned]) => {
                format!("{came}: {now} bei Temperatur {temperature}, gelernt {learned}")
            }
            None => format!("{came}: {now}"),
        }
    },
    ask_more: |stages, bytes| {
        let stages =
            if stages == 1 { "1 weitere Stufe".to_owned() } else { format!("{stages} weitere Stufen") };
        format!("{stages} fragen ({bytes})")
    },
    more_note: "Ihre Modelle werden einmal geladen und behalten: Dann ist dasselbe Token auf jeder Stufe des Trainings zu sehen.",
};
