use super::compare::{remedy, store, votes};
use crate::app::compare::sending::state::{Activity, State};
use crate::app::language::words::Sending;

pub(super) const SENDING: Sending = Sending {
    heading: "Urteile dem Betreiber der Seite geben",
    agree: "Zustimmen und Urteile senden",
    stop: "Nicht mehr senden",
    delete: "Gesendetes löschen …",
    delete_yes: "Aufhören und Gesendetes löschen",
    delete_no: "Behalten",
    delete_asked: "Nicht mehr senden und alle Urteile löschen, die dieser Browser gesendet hat?",
    question: |host| {
        format!(
            "{host} sammelt Urteile, um zu lernen, was Menschen bevorzugen. Wer zustimmt, sendet die Urteile aus diesem Browser dorthin, die \
             bisherigen und die künftigen: den Prompt, beide Antworten und ihre Herkunft, das Urteil, dessen Zeit und einen zufälligen \
             Namen für diesen Browser. Keine Cookies. Die Netzwerkadresse wird nicht gespeichert, nur ein Code daraus, der sich nicht \
             zurückverfolgen lässt und mindestens täglich wechselt; er schützt vor Missbrauch. Das Senden lässt sich jederzeit \
             beenden, und Gesendetes lässt sich löschen."
        )
    },
    standing,
    activity,
    refused: |code, count| {
        let reason = match code {
            "future" => "die Uhr dieses Geräts geht vor",
            "model" => "für ihre Modelle wird nicht mehr gesammelt",
            "clash" => "andere Urteile haben dieselbe Nummer",
            "own_prompt" => "ihre Prompts sind nicht die dieser Seite",
            "too_large" => "sie sind zu lang",
            _ => "etwas stimmte mit ihnen nicht",
        };
        format!("Nicht angenommen: {}; {reason}.", votes(count))
    },
};

fn standing(state: &State, host: &str) -> String {
    if state.is_withdrawing {
        return format!("Was dieser Browser an {host} gesendet hat, wird gelöscht …");
    }
    let sent = votes(state.tally.sent);
    match (state.agrees, state.tally.sent) {
        (Some(true), _) if state.tally.waiting > 0 => format!(
            "Die Urteile aus diesem Browser gehen mit Zustimmung an {host}. Gesendet: {sent}. Es warten: {}.",
            state.tally.waiting
        ),
        (Some(true), _) => {
            format!("Die Urteile aus diesem Browser gehen mit Zustimmung an {host}. Gesendet: {sent}.")
        }
        (_, 0) if state.is_withdrawn => {
            format!("{host} hat gelöscht, was dieser Browser gesendet hat. Es wird nichts mehr gesendet.")
        }
        (_, 0) => String::new(),
        (_, _) => format!("Es wird nichts mehr gesendet. {host} hat noch {sent} aus diesem Browser."),
    }
}

fn activity(state: &State, host: &str) -> Option<String> {
    match &state.activity {
        Activity::Resting | Activity::Asking => None,
        Activity::Waiting if state.has_open_errands() => Some(format!(
            "{host} antwortet nicht oder bittet zu warten. Nichts geht verloren; die Seite versucht es von selbst noch einmal."
        )),
        Activity::Waiting => None,
        Activity::Elsewhere => Some("Ein anderer Tab dieser Seite sendet gerade.".to_owned()),
        Activity::Refused(code) => Some(format!(
            "{host} nimmt von dieser Seite keine Urteile an ({code}). Sie bleiben in diesem Browser. Neu laden versucht es noch einmal; \
             bleibt es dabei, sollten die Betreiber der Seite es erfahren."
        )),
        Activity::Broken(error) => Some(format!("{} {}", store(error), remedy(error))),
    }
}
