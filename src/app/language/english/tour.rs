use crate::app::language::words::Tour;

pub(super) const TOUR: Tour = Tour {
    name: "Tour",
    place: |stop, stops, chapter| format!("{stop} of {stops}: {chapter}"),
    stops: [
        "A language model draws its answers word by word. The temperature says how daring each draw is. Here it is low: of 25 answers to \
         the question of fact many are the same, and the poems share many of their lines and phrases.",
        "Now it is high. This model has only imitated people’s answers (supervised fine-tuning, SFT), and heat works on everything alike: \
         the poems differ, and so do the facts, which often go wrong. The numbers above the answers say how alike they are.",
        "The same prompts, the same heat, the same draws, but the model has now been through five rounds of learning from preferences \
         (RLHF). The facts vary less. The poems still all differ, but share more of their wording than before: in this small model the \
         last round above all costs them variety, too. Move the slider and see; “Back” shows SFT again.",
        "How does it do that? Choose a word of the answer: these are the words that the model could have drawn, with their chances. The \
         button below them asks the other stages of training. Training moves the chances as if the temperature there were lower: \
         most where one answer is right, less in poems.",
        "One prompt proves little. This is the paper’s experiment (its figure ends at v3): ten prompts of each kind, 25 answers to each, \
         over all temperatures. The quick version, with three prompts and half the temperatures, takes less than a minute on most \
         computers; the dotted curves were recorded.",
        "Why does it happen? A reward model scores answers, and RLHF makes those with high scores likelier. To a question of fact one \
         answer scores high: the chances gather on it, and heat hardly moves them. Of poems many score about as well, so the chances \
         stay spread. Press “Score answers” to see who scores what. Pushed too far, a model learns only to please: the last row.",
        "And the reward model? It learned from comparisons like these. Take the seat of an annotator: two answers, which is better? Your \
         votes stay in this browser. After ten of them a ranking of the stages begins, and says how sure it can be.",
        "Last, what votes are for. Let a small model learn from yours, or from those of a simulated annotator with one plain taste, and \
         meet the result as a stage of its own, beside the others.",
    ],
    back: "Back",
    next: "Next",
    finish: "Finish",
    end: "End the tour",
};
