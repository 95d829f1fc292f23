use super::calibration::CALIBRATION;
use super::sending::SENDING;
use crate::app::compare::second_opinion::{Preference, View};
use crate::app::compare::state::{Done, Notice, Problem};
use crate::app::language::words::{Compare, Leaderboard, Opinion, Shelf};
use crate::preference::{PreferenceError, StoreError};

pub(super) const COMPARE: Compare = Compare {
    lede: "Zwei Antworten auf einen Prompt; von welchen Trainingsstufen und Temperaturen, bleibt verborgen. Welche ist besser? Mit solchen \
           Urteilen beginnt RLHF.",
    lede_of_one: "Zwei Antworten auf einen Prompt; bei welchen Temperaturen, bleibt verborgen. Welche ist besser? Mit solchen Urteilen \
                  beginnt RLHF.",
    prompt: "Prompt",
    any: "Irgendeiner davon",
    first: "Zwei Antworten zeigen",
    next: "Nächstes Paar",
    retry: "Noch einmal versuchen",
    place: "Vergleich",
    prompt_spoken: "Prompt: ",
    answer: |side| format!("Antwort {}", side.letter()),
    answer_is: |side| format!("Antwort {} ist", side.letter()),
    answer_is_spoken: |side| format!("Antwort {} ist ", side.letter()),
    neither: "Keine von beiden",
    strengths: ["deutlich besser", "besser", "etwas besser", "kaum besser oder unklar"],
    both_bad: "beide schlecht",
    skip: "überspringen",
    keys: "Die Tasten auf den Knöpfen gelten auch, solange der Fokus in diesem Teil der Seite ist.",
    greedy: "ohne Zufall",
    stage: "Stufe",
    you_said: "Ihr Urteil",
    bar: "Gezogene Antworten",
    sampling: |done, all| format!("{done} von {all} möglichen Antworten"),
    no_engine: "Der Rechenkern läuft nicht; oben auf der Seite steht, warum.",
    waiting: "Warten auf den Rechenkern …",
    cancel: "Abbrechen",
    keeping: "Das Urteil wird gespeichert …",
    saved: "In diesem Browser gespeichert. Danke!",
    undo: "Dieses Urteil zurücknehmen",
    unsaved: |error| format!("Ihr Urteil ist nicht gespeichert. {}", store(error)),
    remedy,
    save_again: "Noch einmal speichern",
    download: "Stattdessen herunterladen",
    alike: "Das Modell hat jedes Mal dieselbe Antwort gegeben, kalt wie heiß; zu vergleichen gibt es also nichts. Versuchen Sie es mit einem \
            anderen Prompt.",
    status: [
        "Zwei Antworten werden gezogen.",
        "Zwei Antworten sind da. Urteilen Sie mit den Knöpfen oder mit den Tasten 1 bis 9 und 0.",
        "Ihr Urteil ist gespeichert. Die Herkunft beider Antworten wird gezeigt.",
        "Zu vergleichen gibt es nichts. Versuchen Sie es mit einem anderen Prompt.",
    ],
    notice: |notice| match notice {
        Notice::Done(done) => self::done(done),
        Notice::Problem(problem) => self::problem(problem),
    },
    opinion: Opinion {
        asking: |bytes| {
            let size = bytes.map(|bytes| format!(" (beim ersten Mal {bytes})")).unwrap_or_default();
            format!("Das Belohnungsmodell wird gefragt{size} …")
        },
        view: |view, [a, b]| {
            match view {
            View::Failed => {
                "Das Belohnungsmodell war nicht zu bekommen; eine zweite Meinung zu diesem Paar gibt es also nicht.".to_owned()
            }
            View::Is { preference, agreement } => {
                let preference = match preference {
                    Preference::Yours => "Es zieht dieselbe vor wie Sie",
                    Preference::Other => "Es zieht die andere vor",
                    Preference::None => "Es hat keine Meinung",
                    Preference::A => "Es zieht A vor",
                    Preference::B => "Es zieht B vor",
                };
                let running = match agreement {
                    (agreed, all @ 2..) => {
                        format!(" Bei diesem Besuch stimmte es mit {agreed} von {all} Ihrer Urteile überein.")
                    }
                    _ => String::new(),
                };
                format!("Das Belohnungsmodell gibt Antwort A {a} und Antwort B {b}. {preference}.{running}")
            }
        }
        },
    },
    sending: SENDING,
    shelf: Shelf {
        kept: |kept, is_sending| {
            let kept = match kept {
                Some(kept) => format!("{} in diesem Browser gespeichert.", votes(kept)),
                None => "Urteile bleiben in diesem Browser.".to_owned(),
            };
            if is_sending { kept } else { kept + " Nichts wird irgendwohin gesendet." }
        },
        unsaved: |count| format!(" Nicht gespeichert: {}.", votes(count)),
        confirm: "Löschen bestätigen",
        question: |count| format!("{} endgültig löschen?", votes(count)),
        delete: |count| format!("{} löschen", votes(count)),
        keep: "Behalten",
        for_trl: "Herunterladen für TRL (JSONL)",
        in_full: "Vollständig herunterladen (JSONL)",
        add: "Urteile aus einer Datei hinzufügen",
        delete_all: "Alle löschen …",
    },
    calibration: CALIBRATION,
    leaderboard: Leaderboard {
        heading: "Welche Stufe ziehen Ihre Urteile vor?",
        waiting: |least, so_far| {
            let so_far = if so_far == 0 { "noch keines".to_owned() } else { format!("bisher {so_far}") };
            format!(
                "Eine Rangliste erscheint nach {least} Urteilen über Antworten aus zwei verschiedenen Stufen: {so_far}."
            )
        },
        verdict: |count, best, worst| {
            format!(
                "Ihre {count} Urteile ziehen {best} der Stufe {worst} vor. Dazwischen gilt: Je mehr sich zwei Balken überlappen, desto \
                 unsicherer ist ihre Reihenfolge."
            )
        },
        no_verdict: |count| {
            format!(
                "Ihre {count} Urteile können die Stufen noch nicht unterscheiden. Mit mehr Urteilen werden die Balken kürzer."
            )
        },
        earlier: |count| {
            format!("Nicht gezählt: {} über Modelle, die diese Seite nicht mehr anbietet.", votes(count))
        },
        table: "Rangliste der Stufen",
        stage: "Stufe",
        drawn: |all| format!("Gezeichnet: 0 bis {all}"),
        wins: "Siege",
        interval: |coverage| format!("{coverage}-Intervall"),
        votes: "Urteile",
        details: "Wer gegen wen gewonnen hat und wie das berechnet wird",
        wins_table: "Siege jeder Stufe gegen jede andere",
        wins_caption: "Siege der Stufe links gegen die Stufe oben",
        method: |rounds| {
            format!(
                "„Siege“ ist die Wahrscheinlichkeit, gegen eine Stufe von mittlerer Stärke zu gewinnen, nach dem Modell von Bradley und \
                 Terry (1952) mit einer Vorannahme, unter der alle Gewinnraten etwa gleich wahrscheinlich sind. Die Intervalle entstehen, \
                 indem Ihre Urteile {rounds}-mal zufällig gewichtet werden. „Beide schlecht“ zählt als halber Sieg für jede; übersprungene \
                 Paare und Paare aus einer Stufe zählen nicht."
            )
        },
    },
};

/// "1 Urteil", "2 Urteile"; so im Nominativ und im Akkusativ.
pub(super) fn votes(count: usize) -> String {
    if count == 1 { "1 Urteil".to_owned() } else { format!("{count} Urteile") }
}

fn done(done: &Done) -> String {
    match done {
        Done::TakenBack => "Ihr letztes Urteil ist zurückgenommen.".to_owned(),
        Done::Deleted => "Alle Urteile sind aus diesem Browser gelöscht.".to_owned(),
        Done::Added { new, known } => {
            let known = match known {
                0 => String::new(),
                1 => " 1 war schon da.".to_owned(),
                known => format!(" {known} waren schon da."),
            };
            format!("{} hinzugefügt.{known}", votes(*new))
        }
        Done::Written { votes: written, unreadable } => {
            format!("{} vollständig geschrieben.{}", votes(*written), left_out(*unreadable))
        }
        Done::Preferences { count, both_bad, skipped, unreadable } => {
            let written = match count {
                1 => "1 Vorliebe geschrieben.".to_owned(),
                count => format!("{count} Vorlieben geschrieben."),
            };
            format!("{written}{}{}", without_place(*both_bad, *skipped), left_out(*unreadable))
        }
    }
}

fn left_out(unreadable: usize) -> String {
    match unreadable {
        0 => String::new(),
        count => format!(" Ausgelassen, weil diese Version sie nicht lesen kann: {}.", votes(count)),
    }
}

fn without_place(both_bad: usize, skipped: usize) -> String {
    match both_bad + skipped {
        0 => String::new(),
        _ => format!(
            " Ausgelassen, weil diese Form dafür keinen Platz hat: {both_bad}-mal „beide schlecht“, {skipped}-mal übersprungen."
        ),
    }
}

fn problem(problem: &Problem) -> String {
    let refused = |why: &str| {
        format!(
            "Kein Urteil wurde hinzugefügt: {why}. Wählen Sie eine Datei, die diese Seite „vollständig“ geschrieben hat."
        )
    };
    match problem {
        Problem::NoRandom => {
            "Dieser Browser liefert keine Zufallszahlen, das Urteil kann also keinen Namen bekommen."
                .to_owned()
        }
        Problem::Store(error) => format!("{} {}", store(error), remedy(error)),
        Problem::NotAdded(error) => {
            format!("Kein Urteil wurde hinzugefügt. {} {}", store(error), remedy(error))
        }
        Problem::TooLarge { most_mb } => format!(
            "Kein Urteil wurde hinzugefügt: Diese Datei ist zu groß. Teilen Sie sie in Stücke aus ganzen Zeilen von höchstens {most_mb} MB."
        ),
        Problem::Unreadable => refused("diese Datei ist nicht lesbar"),
        Problem::ForTrl => refused("dies ist die Form für TRL, in der fehlt, was ein Urteil braucht"),
        Problem::NoVotes => refused("die Datei enthält keines"),
        Problem::Refused(error) => refused(&preference(error)),
        Problem::Unwritten(detail) => format!("Die Datei ließ sich nicht schreiben ({detail})."),
        Problem::NothingToWrite { both_bad, skipped } => {
            format!("Es gibt nichts herunterzuladen.{}", without_place(*both_bad, *skipped))
        }
        Problem::NotHandedOver => {
            "Dieser Browser hat die Datei nicht angenommen. Vielleicht gelingt es mit einem anderen Browser."
                .to_owned()
        }
    }
}

fn preference(error: &PreferenceError) -> String {
    match error {
        PreferenceError::Line { line, error } => {
            format!("Zeile {line} ist kein vollständiges Urteil ({})", preference(error))
        }
        PreferenceError::FutureSchema { found, known } => {
            format!("das Urteil hat das Schema {found}, diese Version kennt nur Schemata bis {known}")
        }
        PreferenceError::NoSuchSchema { found } => {
            format!("das Urteil hat das Schema {found}, das es nicht gibt")
        }
        PreferenceError::EqualAnswers => "beide Antworten des Urteils sind gleich".to_owned(),
        PreferenceError::Malformed(detail) => format!("das Urteil ist nicht lesbar: {detail}"),
        PreferenceError::Field { field, problem } => format!("im Feld {field}: {problem}"),
        PreferenceError::Rule(detail) => (*detail).to_owned(),
    }
}

pub(super) fn store(error: &StoreError) -> String {
    match error {
        StoreError::Forbidden => "Dieser Browser lässt die Seite nichts speichern: Vielleicht ist es ein privates Fenster, oder der Speicher ist abgeschaltet.".to_owned(),
        StoreError::Full => "Für weitere Urteile ist kein Platz mehr.".to_owned(),
        StoreError::Newer => "Die Urteile in diesem Browser stammen von einer neueren Version dieser Seite.".to_owned(),
        StoreError::Blocked => "Der Speicher dieses Browsers antwortet nicht; vielleicht hält ihn ein anderer Tab besetzt.".to_owned(),
        StoreError::BadVote(error) => format!("Das Urteil ist nicht in Ordnung ({}).", preference(error)),
        StoreError::Failed(detail) => format!("Der Speicher dieses Browsers hat versagt ({detail})."),
    }
}

pub(super) fn remedy(error: &StoreError) -> &'static str {
    match error {
        StoreError::Forbidden => {
            "Erlauben Sie der Seite zu speichern, oder laden Sie Ihre Urteile herunter, bevor Sie die Seite verlassen."
        }
        StoreError::Full => {
            "Schaffen Sie Platz auf diesem Gerät und versuchen Sie es noch einmal, oder laden Sie Ihre Urteile herunter."
        }
        StoreError::Newer => {
            "Laden Sie die Seite neu, um die neuere Version zu bekommen, und vorher die Urteile dieses Besuchs herunter."
        }
        StoreError::Blocked => {
            "Schließen Sie andere Tabs mit dieser Seite und versuchen Sie es noch einmal, oder laden Sie Ihre Urteile herunter."
        }
        StoreError::BadVote(_) => {
            "Das ist ein Fehler der Seite. Laden Sie das Urteil herunter und melden Sie ihn bitte."
        }
        StoreError::Failed(_) => {
            "Versuchen Sie es noch einmal. Bleibt es dabei, laden Sie Ihre Urteile herunter."
        }
    }
}
