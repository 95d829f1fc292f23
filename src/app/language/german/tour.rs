use crate::app::language::words::Tour;

pub(super) const TOUR: Tour = Tour {
    name: "Rundgang",
    place: |stop, stops, chapter| format!("{stop} von {stops}: {chapter}"),
    stops: [
        "Ein Sprachmodell zieht seine Antworten Wort für Wort, wie Lose. Die Temperatur sagt, wie gewagt jeder Zug ist. Hier ist sie \
         niedrig: Von 25 Antworten auf die Faktenfrage sind viele gleich, und die Gedichte haben viele Zeilen und Wendungen gemeinsam.",
        "Jetzt ist sie hoch. Dieses Modell hat bisher nur Antworten von Menschen nachgeahmt (überwachtes Feintuning, SFT), und die Wärme \
         wirkt auf alles gleich: Die Gedichte unterscheiden sich und die Fakten auch; oft werden sie falsch. Die Zahlen über den \
         Antworten sagen, wie ähnlich sie einander sind.",
        "Dieselben Prompts, dieselbe Wärme, dieselben Zufallszahlen, aber nun hat das Modell fünf Runden lang aus Vorlieben gelernt \
         (RLHF). Die Fakten schwanken weniger. Die Gedichte sind noch immer alle verschieden, ähneln sich im Wortlaut aber mehr als zuvor: \
         Bei diesem kleinen Modell kostet vor allem die letzte Runde auch sie Vielfalt. Der Regler zeigt es; „Zurück“ führt wieder zu SFT.",
        "Wie macht es das? Wählen Sie ein Wort der Antwort: Hier stehen die Wörter, die das Modell hätte ziehen können, mit ihren \
         Wahrscheinlichkeiten. Der Knopf darunter fragt die anderen Trainingsstufen. Das Training verschiebt die \
         Wahrscheinlichkeiten so, als wäre die Temperatur dort niedriger: am meisten, wo eine Antwort richtig ist, weniger in Gedichten.",
        "Ein Prompt beweist wenig. Dies ist das Experiment des Fachartikels (dessen Abbildung bei v3 endet): zehn Prompts jeder Art, je 25 \
         Antworten, über alle Temperaturen. Die kurze Fassung, mit drei Prompts und der Hälfte der Temperaturen, braucht auf den meisten \
         Rechnern weniger als eine Minute; die gepunkteten Kurven sind aufgezeichnet.",
        "Warum geschieht das? Ein Belohnungsmodell bewertet Antworten, und RLHF macht die hoch bewerteten wahrscheinlicher. Auf eine \
         Faktenfrage wird eine Antwort hoch bewertet: Auf ihr sammelt sich die Wahrscheinlichkeit, und Wärme ändert wenig daran. Von \
         Gedichten sind viele etwa gleich gut, und die Wahrscheinlichkeit bleibt verteilt. „Antworten … bewerten“ zeigt, was wie bewertet \
         wird. Treibt man es zu weit, lernt ein Modell nur noch zu gefallen: die letzte Zeile.",
        "Und das Belohnungsmodell? Es hat aus solchen Vergleichen gelernt. Hier urteilen Sie selbst: zwei Antworten, welche ist besser? \
         Ihre Urteile bleiben in diesem Browser. Nach zehn davon beginnt eine Rangliste der Stufen und sagt dazu, wie sicher sie ist.",
        "Zum Schluss: wozu Urteile gut sind. Ein kleines Modell lernt aus den eigenen Urteilen oder aus denen eines simulierten \
         Annotators mit einem einfachen Geschmack. Das Ergebnis ist eine eigene Stufe neben den anderen.",
    ],
    back: "Zurück",
    next: "Weiter",
    finish: "Fertig",
    end: "Rundgang beenden",
};
