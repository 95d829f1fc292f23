use super::WORDS;
use super::compare::votes;
use crate::app::language::words::Sureness;
use crate::learning::{Fit, LEAST_JUDGED};

pub(super) const CALIBRATION: Sureness = Sureness {
    heading: "Ist das Belohnungsmodell so sicher, wie es sein darf?",
    question: "Das veröffentlichte Belohnungsmodell hat von simulierten Annotatoren gelernt. Je weiter es zwei Antworten auseinander bewertet, desto \
     sicherer ist es, welche bevorzugt wird. Ihre Urteile stellen das auf die Probe.",
    no_votes: "Es gibt noch kein Urteil, das eine Antwort bevorzugt.",
    ask: |count| match count {
        1 => "Zu meinem Urteil befragen".to_owned(),
        count => format!("Zu meinen {count} Urteilen befragen"),
    },
    progress: |done, all| format!("Zu {done} von {all} Urteilen ist es befragt."),
    failed: "Das Belohnungsmodell ließ sich nicht befragen.",
    retry: "Noch einmal versuchen",
    verdict: |found| {
        let count = format!(
            "{} von {} hat es vorhergesagt",
            WORDS.halves(found.agreed.hits),
            votes(found.agreed.of as usize)
        );
        let score = format!(
            " Brier-Wert {}: Wer immer {} sagt, bekommt {}, und weniger ist besser.",
            WORDS.number(found.brier, 2),
            WORDS.share(0.5),
            WORDS.number(0.25, 2)
        );
        let fit = match found.fit() {
            Fit::TooFew => {
                return format!(
                    "{count}. Bei weniger als {LEAST_JUDGED} wird nichts gesagt, weder so noch so."
                );
            }
            Fit::Fits => "Das liegt im Intervall: Nichts hier spricht dagegen, wie sicher es ist.",
            Fit::TooSure => {
                "Das liegt über dem Intervall: Wo Sie urteilen, ist es sicherer, als es sein sollte."
            }
            Fit::TooCautious => "Das liegt unter dem Intervall: Wo Sie urteilen, könnte es sicherer sein.",
        };
        format!(
            "{count}: {} (95-%-Intervall: {}). Nach eigenem Bekunden wären es {} gewesen. {fit}{score}",
            WORDS.share(found.agreed.value().unwrap_or_default()),
            WORDS.range(found.agreed.interval()),
            WORDS.share(found.expected),
        )
    },
    table: "Die Sicherheit des Belohnungsmodells und Ihre Urteile",
    sure: "So sicher ist es",
    bin: |bin| WORDS.range((bin.from, bin.to)),
    average: "Im Mittel",
    agreed: "Sie urteilen ebenso",
    interval: "95-%-Intervall",
    votes: "Urteile",
    how: "Wie das berechnet wird",
    method: |most| {
        format!(
            "Ein Abstand seiner rohen Bewertungen wird als Wahrscheinlichkeit gelesen, nach der logistischen Funktion (Bradley und Terry 1952): So sicher ist es. \
         Trainiert wurde es mit den Abständen des Papers, die Bewertungen auseinandertreiben; etwas zu viel Sicherheit ist also zu erwarten: Für simulierte \
         Urteile steht sie in der Modellkarte. „Beide schlecht“, übersprungene Paare und gleiche Bewertungen zählen nicht, und höchstens Ihre neuesten {most} Urteile. \
         Das Intervall jeder Zeile ist das von Wilson: Bei wenigen Urteilen ist es weit, und eine Zeile für sich sagt dann fast nichts."
        )
    },
};
