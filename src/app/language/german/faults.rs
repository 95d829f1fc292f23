//! The technical part of an error stays as it is, in brackets: it comes from deep inside, and helps whoever looks into it.

use crate::app::language::words::{Fault, Faults};
use crate::protocol::{ErrorKind, VisitorError};

pub(super) const FAULTS: Faults = Faults { fault, of_stage: |stage, message| format!("{stage}: {message}") };

/// An error in one text.
pub(super) fn said(error: &VisitorError) -> String {
    let Fault { message, remedy } = fault(error);
    format!("{message} {remedy}")
}

fn fault(VisitorError { kind, detail }: &VisitorError) -> Fault {
    let (what, remedy) = match kind {
        ErrorKind::Network => ("Das Modell konnte nicht geladen werden", CONNECTION),
        ErrorKind::NoList => ("Die Liste der Modelle konnte nicht geladen werden", CONNECTION),
        ErrorKind::BadList => ("Die Liste der Modelle ist nicht lesbar", NOT_WHOLE),
        ErrorKind::OtherList => {
            ("Die Liste der Modelle gehört zu einer anderen Version dieser Seite", NOT_WHOLE)
        }
        ErrorKind::EmptyList => ("Die Liste der Modelle ist leer", NOT_WHOLE),
        ErrorKind::BadModel => (
            "Die Datei des Modells ist beschädigt",
            "Laden Sie die Seite neu; hilft das nicht, ist die Datei auf dem Server beschädigt.",
        ),
        ErrorKind::BadText => (
            "Das Modell kann mit diesem Text nicht umgehen",
            "Wählen Sie ein anderes Modell oder einen anderen Prompt.",
        ),
        ErrorKind::OtherModel => (
            "Dieses Modell kann hier nicht rechnen",
            "Hier laufen nur Modelle der Llama-Familie; wählen Sie eine andere Datei.",
        ),
        ErrorKind::LongPrompt => ("Der Prompt ist zu lang oder leer", "Verwenden Sie einen kürzeren Prompt."),
        ErrorKind::LongAnswer => {
            ("Prompt und Antwort sind zusammen zu lang", "Wählen Sie eine kürzere Antwort.")
        }
        ErrorKind::ManyAnswers => {
            ("So viele Antworten gehen nicht auf einmal", "Wählen Sie weniger Antworten.")
        }
        ErrorKind::NotANumber => (
            "Die Rechnung des Modells ist mitten in der Antwort abgerissen",
            "Wählen Sie ein anderes Modell oder eine andere Antwort.",
        ),
        ErrorKind::FewVotes => {
            ("Das sind zu wenige Urteile, um daraus zu lernen", "Urteilen Sie über ein paar weitere Paare.")
        }
        ErrorKind::NoScores => {
            ("Dieses Modell gibt keine Bewertungen", "Wählen Sie ein anderes Belohnungsmodell.")
        }
        ErrorKind::NotLoaded => {
            ("Dieses Modell ist nicht geladen", "Wählen Sie die Trainingsstufe noch einmal aus.")
        }
        ErrorKind::Device => (
            "Die Grafikkarte hat versagt",
            "Die Seite rechnet mit dem Prozessor weiter; nach einem Neuladen wird die Grafikkarte wieder versucht.",
        ),
        ErrorKind::Stopped => (
            "Der Rechenkern ist stehen geblieben",
            "Versuchen Sie es noch einmal. Bleibt es dabei, laden Sie die Seite neu oder nehmen Sie einen anderen Browser.",
        ),
        ErrorKind::OddResult => (
            "Was der Rechenkern zu diesen Antworten sagt, passt nicht zusammen",
            "Versuchen Sie es noch einmal; bleibt es dabei, laden Sie die Seite neu.",
        ),
        ErrorKind::Internal => ("In dieser Seite ist etwas schiefgegangen", "Laden Sie die Seite neu."),
    };
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    Fault { message: format!("{what}{detail}."), remedy }
}

const CONNECTION: &str = "Prüfen Sie die Verbindung und versuchen Sie es noch einmal.";
const NOT_WHOLE: &str = "Versuchen Sie es gleich noch einmal. Bleibt es dabei, ist die Kopie dieser Seite auf dem Server unvollständig.";
