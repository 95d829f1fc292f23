use crate::app::language::words::{OfStage, Rewards};

pub(super) const REWARDS: Rewards = Rewards {
    lede: "RLHF braucht ein Urteil, das nie ermüdet: ein Belohnungsmodell, trainiert an Vergleichen von Menschen (hier: von simulierten). \
           Lassen Sie es die Antworten jeder Stufe bewerten. Nach seinen Punktzahlen bessern sich die schlechtesten am meisten. Auf eine Faktenfrage wird eine \
           Antwort hoch bewertet, und das Training häuft die Wahrscheinlichkeit auf sie; von Gedichten sind viele etwa gleich gut, und sie \
           bleibt verteilt. Die letzte Zeile ist eine Warnung: ein Modell, das gelernt hat, dem Belohnungsmodell zu gefallen, und sonst nichts.",
    begin: |temperature| format!("Antworten bei Temperatur {temperature} bewerten"),
    sweep: |temperatures| format!("{temperatures} Temperaturen durchlaufen"),
    plan: |prompts, answers, bytes| {
        format!(
            "{prompts} kreative Aufgaben und {prompts} Faktenfragen, je {answers} Antworten, von jeder Stufe. Alle Modelle zusammen: \
             {bytes}."
        )
    },
    stop: "Anhalten",
    bar: "Beantwortete und bewertete Prompts",
    part: |done, all, answers| {
        let of = |parts: usize| parts as u32 * answers;
        format!("{done} von {all} Teilen: {} von {} Antworten", of(done), of(all))
    },
    stopped: |done, all| format!("Nach {done} von {all} Teilen angehalten."),
    prompts: "Prompts",
    answers_of: "Antworten von",
    ridges: |prompts| format!("{prompts}: Belohnung"),
    best_of_n: |prompts| format!("{prompts}: die beste von N"),
    best_by_temperature: |prompts, answers| format!("{prompts}: die beste von {answers} je Temperatur"),
    reward: "Belohnung",
    n: "N, Antworten zur Auswahl",
    ridges_spoken: |stages| {
        if stages.is_empty() {
            return "Belohnungen je Stufe; noch keine Antworten.".to_owned();
        }
        let stage = |(label, [mean, worst]): &OfStage<'_, 2>| {
            format!("{label}: Mittel {mean}, schlechtestes Zehntel {worst}")
        };
        format!("Belohnungen je Stufe. {}.", stages.iter().map(stage).collect::<Vec<_>>().join("; "))
    },
    best_spoken: |title, stages| {
        let stage = |(label, [one, five, all]): &OfStage<'_, 3>| {
            format!("{label}: {one} bei einer, {five} bei 5, {all} bei 25")
        };
        format!("{title}, erwartete Belohnung. {}.", stages.iter().map(stage).collect::<Vec<_>>().join("; "))
    },
    highest_spoken: |title, stages| {
        let stage = |(label, [reward, at]): &OfStage<'_, 2>| format!("{label}: {reward} bei T = {at}");
        format!(
            "{title}; jeweils der höchste Wert. {}.",
            stages.iter().map(stage).collect::<Vec<_>>().join("; ")
        )
    },
    between: |from, to| match (from, to) {
        (None, to) => format!("unter {}", to.unwrap_or_default()),
        (Some(from), None) => format!("ab {from}"),
        (Some(from), Some(to)) => format!("{from} bis {to}"),
    },
    bar_holds: |stage, rewards, answers, all| {
        format!("{stage}, Belohnung {rewards}: {answers} von {all} Antworten")
    },
    choose_bar: "Antworten hinter einem Balken: links und rechts nach Belohnung, auf und ab nach Stufe",
    unlisted: |answers| format!("Und {answers} weitere."),
    leave_bar: "Die schlechtesten, die mittleren, die besten",
    columns: ["Mittel", "Schlechtestes Zehntel"],
    column_best: |answers| format!("Beste von\u{a0}{answers}"),
    column_best_at: |answers, temperature| format!("Beste von\u{a0}{answers}, T\u{a0}=\u{a0}{temperature}"),
    caption: |temperature| {
        format!(
            "Hügel: der Anteil der Antworten bei jeder Belohnung, und ein Druck auf einen Balken zeigt dessen Antworten; der Strich ist das Mittel, das Dreieck das Mittel des schlechtesten \
             Zehntels. Kurven: Wird unter N Antworten die mit der höchsten Belohnung gewählt, wie beim Rejection Sampling, ist dies zu \
             erwarten; ein Durchlauf zeigt, bei welcher Temperatur sich das am meisten lohnt. Belohnungen haben das Mittel 0 und die \
             Abweichung 1 über gezogene Antworten aus Vergleichen, die von seinem Training getrennt blieben. Gezogen in diesem Tab bei Temperatur \
             {temperature}; das Belohnungsmodell wurde mit diesen Stufen trainiert, sein Lob ist also nicht die Wahrheit."
        )
    },
    parts: ["Die schlechtesten", "In der Mitte", "Die besten"],
    running: "Antworten werden gezogen und bewertet.",
    is_done: "Die Antworten sind bewertet.",
};
