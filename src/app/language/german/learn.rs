use super::WORDS;
use super::compare::votes as counted;
use super::experiment::time_left;
use crate::app::language::words::Learn;
use crate::app::learn::state::{Notice, Outcome, Phase, Progress, Report, Teacher};
use crate::learning::{HeldBack, Meetings, Share, Step};
use crate::preference::Taste;

pub(super) const LEARN: Learn = Learn {
    lede: "Dafür sind Urteile da. Ein Belohnungsmodell lernt, sie vorherzusagen; eine Policy lernt, die Antworten zu geben, die sie \
           bevorzugen. Beides geschieht hier, in diesem Tab, ausgehend von SFT. Das Ergebnis ist eine eigene Stufe, die in jeder \
           Stufenwahl neben den anderen steht.",
    how: "Wie es lernt",
    method: "Das Belohnungsmodell ist ein skalarer Kopf auf den inneren Zuständen von SFT, angepasst mit der Verlustfunktion des Papers und \
             ihren Abständen von „deutlich besser“ bis „kaum besser“; „beide schlecht“ und übersprungene Paare lehren es nichts. Urteile, \
             die eine Antwort gemeinsam haben, werden zusammen zurückgehalten. Das Paper \
             trainiert das ganze Modell: Bei wenigen Urteilen ist der Kopf fast so gut, in einer Sekunde. Die Policy lernt aus denselben \
             Urteilen durch direkte Präferenzoptimierung (Rafailov et al. 2023), mit den bevorzugten Antworten als Anker. Bei sechzig \
             Urteilen für Vögel gewann sie damit etwa so oft wie durch Behalten der besten von sechzehn Antworten nach einem ganz trainierten \
             Belohnungsmodell, wie es das Rejection Sampling des Papers tut, und wurde weit weniger beschädigt (eine oder zwei Stichproben von \
             Urteilen; die Zahlen stehen im Labor des Projekts).",
    whose: "Wessen Urteile",
    votes: "Urteile",
    simulated_that: "Ein simulierter Annotator, der",
    simulated: "Ein simulierter Annotator hat einen einfachen Geschmack, der am Text abzulesen ist, und zweifelt nie. Seine Urteile werden für \
                diesen Lauf gefällt, über Antworten aller veröffentlichten Stufen, und danach vergessen. Sie gehören nicht zu den Ihren.",
    cancel: "Abbrechen",
    running: "Das Lernen aus den Urteilen hat begonnen.",
    is_done: "Das Lernen aus den Urteilen ist fertig.",
    stopped: "Das Lernen aus den Urteilen wurde abgebrochen.",
    progress_of_step: "Fortschritt dieses Schritts",
    teacher: |teacher, own_votes| match (teacher, own_votes) {
        (Teacher::Visitor, None) => "Meine eigenen Urteile".to_owned(),
        (Teacher::Visitor, Some(votes)) => format!("Meine eigenen Urteile ({votes})"),
        (Teacher::Simulated(taste), _) => liking(taste).to_owned(),
    },
    expectation: |own_votes| {
        match own_votes {
        None => "Ihre Urteile werden gezählt …".to_owned(),
        Some(0) => {
            "Sie haben noch nicht geurteilt. Urteilen Sie im Kapitel darüber, oder lassen Sie einen simulierten Annotator urteilen.".to_owned()
        }
        Some(1) => "Ein Urteil ist zu wenig: Es braucht eines zum Lernen und eines, das zurückgehalten wird.".to_owned(),
        Some(votes @ 2..=19) => format!(
            "{votes} Urteile lernt ein Modell auswendig, und was es sonst gelernt hat, lässt sich nicht sagen. Zwanzig sind ein Anfang."
        ),
        Some(votes) => format!(
            "{votes} Urteile sind noch immer wenige. Was sich daraus sagen lässt, steht hier mit seiner Unsicherheit."
        ),
    }
    },
    begin: |teacher, votes| match teacher {
        Teacher::Visitor if votes == 1 => "Aus meinem Urteil lernen".to_owned(),
        Teacher::Visitor => format!("Aus meinen {votes} Urteilen lernen"),
        Teacher::Simulated(_) => format!("Aus {votes} simulierten Urteilen lernen"),
    },
    progress,
    used: |report| match report.teacher {
        Teacher::Visitor => format!("{} von Ihnen bevorzugen eine Antwort.", counted(report.votes)),
        Teacher::Simulated(taste) => {
            format!("{} eines simulierten Annotators, der {}.", counted(report.votes), liking(taste))
        }
    },
    reward_model: "Belohnungsmodell",
    held_back,
    policy: "Policy, verglichen mit SFT an frischen Antworten",
    wins,
    movement: |outcome| {
        let [before, after] = outcome.mean_rewards().map(|mean| WORDS.signed(mean, 2));
        format!(
            "Sie hat sich um {} nats je Antwort von SFT entfernt (KL-Divergenz, geschätzt an {} Antworten). Das Mittel des Belohnungsmodells \
             ging von {before} auf {after}, in Standardabweichungen der beurteilten Antworten.",
            WORDS.number(outcome.divergence, 1),
            outcome.fresh.len()
        )
    },
    goodhart: "Mehr Belohnung ist nicht mehr Qualität. Eine Policy lernt, was die bevorzugten Antworten von den anderen unterscheidet, gewollt \
               oder nicht: Wer kurze Antworten mag, bekommt vielleicht falsche. Wird ein Maß zum Ziel, ist es kein gutes Maß mehr (Goodharts \
               Gesetz). Die letzte Zeile von „Jenseits der Vorbilder“ zeigt, wohin das führt.",
    example: |label, reward| format!("{label} · Belohnung {}", WORDS.signed(reward, 1)),
    yours: "Sie",
    stage_label: |teacher| match teacher {
        Teacher::Visitor => "Sie",
        Teacher::Simulated(_) => "Sie (simuliert)",
    },
    stage_summary: |teacher, votes| match teacher {
        Teacher::Visitor => {
            format!("In diesem Browser trainiert, ausgehend von SFT, mit {votes} Ihrer Urteile.")
        }
        Teacher::Simulated(taste) => format!(
            "In diesem Browser trainiert, ausgehend von SFT, mit {votes} Urteilen eines simulierten Annotators, der {}.",
            liking(taste)
        ),
    },
    your_stage: |label| format!("Ihre Stufe: {label}"),
    look: "Neben SFT ansehen",
    download: |size| format!("Herunterladen (GGUF, {size})"),
    forget: "Vergessen",
    notice: |notice| match notice {
        Notice::Kept => "Ihre Stufe ist in diesem Browser gespeichert. Sie wird nirgendwohin gesendet.",
        Notice::NotKept => {
            "Ihre Stufe ließ sich in diesem Browser nicht speichern: Sie bleibt, bis Sie die Seite verlassen. Herunterladen bewahrt sie."
        }
        Notice::Forgotten => "Ihre Stufe ist vergessen.",
        Notice::NotForgotten => {
            "Dieser Browser hat die Stufe nicht losgelassen. Versuchen Sie es noch einmal, oder löschen Sie die Daten dieser Seite in den \
             Einstellungen des Browsers."
        }
        Notice::NotDownloaded => "Dieser Browser hat die Datei nicht angenommen.",
        Notice::NotRead => "Ihre Urteile ließen sich nicht lesen. Das Kapitel darüber sagt, warum.",
    },
};

/// Was ein simulierter Annotator mag; nach „der“.
fn liking(taste: Taste) -> &'static str {
    match taste {
        Taste::Rhymes => "gereimte Zeilen mag",
        Taste::Brevity => "kurze Antworten mag",
        Taste::Birds => "Antworten mit Vögeln mag",
        Taste::Sentences => "ganze Sätze mag",
    }
}

fn progress(phase: Phase, progress: &Progress) -> String {
    let what = match phase {
        Phase::Resting => return String::new(),
        Phase::Gathering { .. } => "Dem simulierten Annotator werden Antworten gezeigt",
        Phase::Learning { step: Step::Load, .. } => "Trainer und Modell werden geholt",
        Phase::Learning { step: Step::HoldBack, .. } => {
            "Belohnungsmodelle werden angepasst, einige Urteile zurückgehalten"
        }
        Phase::Learning { step: Step::Policy, .. } => "Die Policy bewegt sich",
        Phase::Learning { step: Step::Answers, .. } => "Frische Antworten werden gezogen, vorher und nachher",
    };
    let is_bytes = matches!(phase, Phase::Learning { step: Step::Load, .. });
    if progress.all == 0 || is_bytes {
        return format!("{what} …");
    }
    let left =
        progress.left_ms().map(|ms| format!(" · in diesem Schritt {}", time_left(ms))).unwrap_or_default();
    format!("{what}: {} von {}{left}", progress.done, progress.all)
}

fn in_interval(share: Share, interval: (f64, f64)) -> String {
    let Some(value) = share.value() else { return "nichts zu zählen".to_owned() };
    format!("{} (95-%-Intervall: {})", WORDS.share(value), WORDS.range(interval))
}

fn held_back(report: &HeldBack) -> String {
    let HeldBack { unseen, seen } = report;
    let verdict = match (unseen.of, unseen.interval()) {
        (0..=9, _) => "Bei so wenigen lässt sich nichts sagen, weder so noch so.",
        (_, (low, _)) if low > 0.5 => {
            "Das ist besser als eine Münze: Es hat etwas gelernt, das den Urteilen gemeinsam ist."
        }
        (_, (_, high)) if high < 0.5 => {
            "Das ist schlechter als eine Münze: Was manchen Urteilen gemeinsam ist, ist das Gegenteil dessen, was andere gemeinsam haben."
        }
        _ => "Das kann noch das Glück einer Münze sein: Das Intervall reicht an 50\u{a0}% heran.",
    };
    let gap = match (unseen.value(), seen.value()) {
        (Some(unseen), Some(seen)) if seen - unseen > 0.1 => {
            " Was dazwischen liegt, hat es auswendig gelernt."
        }
        _ => "",
    };
    format!(
        "Urteile, die es nicht gesehen hatte, jedes einmal zurückgehalten: {} von {} vorhergesagt, {}. {verdict} Urteile, die es gelernt \
         hatte: {}.{gap}",
        WORDS.halves(unseen.hits),
        unseen.of,
        in_interval(*unseen, unseen.interval()),
        seen.value().map_or_else(|| "keine".to_owned(), |seen| WORDS.share(seen)),
    )
}

fn wins(report: &Report, outcome: &Outcome) -> String {
    let counts = |meetings: Meetings| {
        format!(
            "{} besser, {} gleich gut, {} schlechter: eine Gewinnrate von {}, Gleichstand halb gezählt",
            meetings.better,
            meetings.alike,
            meetings.worse,
            in_interval(meetings.win_rate(), meetings.interval())
        )
    };
    match report.teacher {
        Teacher::Simulated(taste) => format!(
            "Nach dem Geschmack selbst, der {}{}: {}. {}",
            liking(taste),
            if taste.is_of_poems() { ", nur an Gedichten" } else { "" },
            counts(outcome.by_taste(taste)),
            match outcome.by_taste(taste).interval() {
                (low, _) if low > 0.5 => "Die Policy hat sich auf diesen Geschmack zubewegt.",
                (_, high) if high < 0.5 => "Die Policy hat sich von diesem Geschmack wegbewegt.",
                _ =>
                    "Ob sich die Policy auf diesen Geschmack zubewegt hat, lässt sich nicht sagen: Das Intervall reicht an 50\u{a0}% heran.",
            }
        ),
        Teacher::Visitor => format!(
            "Nach dem Belohnungsmodell, das aus Ihren Urteilen gelernt hat: {}. Unabhängig ist dieser Richter nicht: Wo er irrt, hat die Policy \
             vielleicht mitgelernt. Entscheiden können nur Sie, oben am Instrument.",
            counts(outcome.by_reward())
        ),
    }
}
