use crate::app::language::words::{About, Reading};

pub(super) const READING: Reading = Reading {
    heading: "Was hier zu sehen ist",
    temperature: [
        "Was Temperatur ist",
        "Ein Sprachmodell schreibt ein Token nach dem anderen (ein Wort oder ein Stück davon). Jedes Mal gibt es jedem Token seines Wortschatzes \
         eine Punktzahl, und aus den Punktzahlen werden Wahrscheinlichkeiten. Vorher teilt die Temperatur die Punktzahlen: Unter 1 werden \
         die Favoriten stärker, über 1 gleichen sich die Chancen an. Bei 1 sind sie so, wie das Modell sie gelernt hat.",
    ],
    to_try: "Zum Ausprobieren",
    tries: [
        "Den Regler von 0,2 auf 1,5 schieben. Wann beginnen sich die Gedichte zu unterscheiden? Wann die Fakten?",
        "Die letzte Trainingsstufe wählen und mit der ersten vergleichen. Was hat das Training in jeder der beiden Spalten verändert?",
        "Wieder herunterdrehen: Derselbe Startwert bringt genau dieselben Antworten zurück.",
        "25 Antworten verlangen: Wie viele bleiben übrig, wenn sich gleiche eine Karte teilen?",
        "Einen Fakt suchen, den das Modell schlecht kennt. Stimmt Wärme es um?",
    ],
    self_bleu: [
        "Was Self-BLEU ist",
        "Welcher Anteil der Folgen von einem, zwei, drei und vier Wörtern einer Antwort kommt auch in den anderen vor? Das geometrische Mittel \
         der vier Anteile ist ihr Wert, gesenkt, wenn die ihr an Länge nächste Antwort länger ist; Self-BLEU ist das Mittel über alle \
         Antworten (Zhu et al. 2018). Ein hoher Wert heißt: Die Antworten sind einander ähnlich; ein niedriger: Sie unterscheiden sich. Er \
         wächst mit der Zahl der Antworten; vergleichbar ist also nur, was gleich viele hat. Großschreibung zählt nicht, Satzzeichen \
         zählen als Wörter, gar kein Treffer zählt als ein Zehntel, und bei Antworten mit weniger als vier Wörtern zählen nur die Folgen, \
         die es gibt.",
    ],
    paper: [
        "Was der Fachartikel fand",
        "Touvron et al. (2023, Abschnitt 5.1) haben die Temperatur von Llama 2 erhöht. Kreative Antworten wurden auf jeder Trainingsstufe \
         vielfältiger. Bei Fakten war das vor RLHF ebenso, mit jeder Runde davon aber weniger: Das Modell hatte gelernt, seine Temperatur je \
         nach Zusammenhang selbst umzurechnen.",
        "Das ist nicht die ganze Geschichte. Kirk et al. (2023) finden, dass RLHF die Antworten insgesamt weniger vielfältig macht; Shypula et \
         al. (2025) finden, dass unter guten Antworten gerade die Modelle vielfältiger sein können, die auf Vorlieben abgestimmt sind.",
    ],
};

pub(super) const ABOUT: About = About {
    miniature: "Was daran im Kleinen ist",
    size: |parameters| {
        format!("Llama 2 hat 7 bis 70 Milliarden Parameter; das Modell hier hat {parameters}. ")
    },
    training: "Dieses Projekt hat es trainiert. Was seine Antworten zeigen, kommt aus diesem Training; nichts davon ist in diese Seite \
               hineingeschrieben. Was sonst kleiner oder einfacher ist als im Fachartikel:",
    simpler: [
        [
            "Der Effekt",
            "Schwächer als im Fachartikel und nicht einheitlich. Nach RLHF bleiben sich die Fakten in der Wärme ähnlicher, doch flach wird ihre \
             Kurve nicht. Gedichte werden mit der Wärme weiterhin vielfältiger, verlieren aber auch an Vielfalt: bei T = 1 mehr als die \
             Fakten, und das meiste davon in der letzten Runde. Die Einstellungen wählten Menschen, die gesehen hatten, wie ähnlich sich die \
             Antworten dieses Laufs sind, und nicht alle vorab festgelegten Ziele wurden erreicht.",
        ],
        [
            "Lesestoff",
            "Llama 2 hat zuerst einen großen Teil des Webs gelesen. Diese Modelle kennen nur Gedichte und Fakten, die ein Programm des Projekts \
             geschrieben hat. Jenseits von kurzen Gedichten und einfachen Fakten antworten sie Unsinn.",
        ],
        [
            "Menschen",
            "Die Annotatoren des Fachartikels waren Menschen. Hier sind sie simuliert: Regeln von unterschiedlichem Können, mit eigenem Geschmack \
             und eigenen Fehlern.",
        ],
        ["Gespräche", "Dort Unterhaltungen, hier ein Prompt und eine Antwort."],
        [
            "Belohnungsmodelle",
            "Dort zwei, für Nützlichkeit und für Sicherheit. Hier gibt es eines, nicht größer als die Modelle, über die es urteilt; um Sicherheit \
             geht es nicht.",
        ],
        [
            "Runden",
            "Die Schritte sind dieselben: Nachahmen (SFT), vier Runden Lernen aus den besten von mehreren Antworten (v1 bis v4), dann \
             Policy-Optimierung an der Leine (v5). Jeder ist viel kürzer.",
        ],
        [
            "Wahrheit",
            "Im Fachartikel sagen Menschen, ob eine Antwort gut ist. Hier weiß ein Programm, ob ein Fakt stimmt und ein Reim sich reimt. Damit \
             wurde die Tabelle unten gemessen und entschieden, wann v5 fertig war; gelernt haben die Modelle nur von den Annotatoren.",
        ],
        ["Gewichte", "Sie sind auf etwa viereinhalb Bit gerundet, damit sie schnell da sind."],
        [
            "Self-BLEU",
            "Der Fachartikel sagt nicht, wie er es berechnet hat. Unseres ist oben erklärt; vergleichbar sind Formen, nicht Höhen.",
        ],
        [
            "Zufall",
            "Stufen und aufgezeichnete Kurven stammen aus einem Trainingslauf. Zwei weitere, mit anderen Startwerten, stehen in der Modellkarte.",
        ],
    ],
    card: ["Viel mehr, auch über die Grenzen, steht in der ", "Modellkarte", " (englisch)."],
    table: "Die Stufen, wie beim Training aufgezeichnet",
    caption: "Bei T = 1 beim Training der Stufen aufgezeichnet, an den Gewichten vor dem Runden, in einem Lauf. „Zurückgehalten“ sind Themen, \
              nach denen RLHF nie gefragt hat; über drei Läufe hat v5 dort nichts gewonnen (70\u{a0}% bei SFT, 68\u{a0}% bei v5).",
    stage: "Stufe",
    measures: [
        "Fakten richtig",
        "… bei zurückgehaltenen Themen",
        "Gedichte, die sich reimen",
        "Gedichte zum Thema",
        "Güte der Gedichte",
    ],
    trained: "Trainiert",
    origin: |date, commit, file| {
        let file = file
            .map(|[size, quantization, sha256]| format!(", {size} ({quantization}), SHA-256 {sha256}"))
            .unwrap_or_default();
        format!("{date}, Code {commit}{file}")
    },
    sources: "Quellen",
    section: ", Abschnitt 5.1 und Abbildung 21. ",
    cite: "Wie man zitiert",
    cite_what: "Den Fachartikel für den Befund; diese Seite für ihre Modelle, ihre Daten und das Experiment. Dateien, die Sie hier \
                herunterladen, nennen die Modelle und Startwerte, aus denen sie stammen.",
    cite_name: "Einträge für ein Literaturverzeichnis, als BibTeX",
    cite_copy: ["BibTeX kopieren", "BibTeX kopiert"],
};
