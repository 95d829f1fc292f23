use crate::app::language::words::{About, Reading};

pub(super) const READING: Reading = Reading {
    heading: "What you are looking at",
    temperature: [
        "What temperature is",
        "A language model writes one token (a word or a piece of one) at a time. For each it gives every token in its vocabulary a score, \
         and the scores become odds. Temperature divides the scores first: below 1 the favourites grow stronger, above 1 the odds even \
         out. At 1 they are what the model learned.",
    ],
    to_try: "What to try",
    tries: [
        "Turn it up from 0.2 to 1.5. When do the poems start to differ? When do the facts?",
        "Choose the last training stage and compare it with the first. What did training change in either column?",
        "Turn it down again: the same seed brings back the very same answers.",
        "Ask for 25 answers, and see how many are left when equal ones share a card.",
        "Pick a fact that the model knows badly. Does heat change its mind?",
    ],
    self_bleu: [
        "What Self-BLEU is",
        "Of one answer’s runs of one, two, three and four words, what share also occurs in the other answers? The geometric mean of the four \
         shares is its score, lowered if the answer nearest to it in length is longer; Self-BLEU is the mean over all answers (Zhu et al. \
         2018). High means that the answers are alike, low that they differ. It grows with the number of answers, so compare like with \
         like. Capitals do not matter, punctuation marks count as words, no match at all counts as a tenth of one, and of an answer \
         shorter than four words only the runs that it has are counted.",
    ],
    paper: [
        "What the paper found",
        "Touvron et al. (2023, section 5.1) raised the temperature of Llama 2. Creative answers grew more varied at every training stage. \
         Factual answers did so before RLHF, and less and less with each round of it: the model had learned to rescale its own \
         temperature by context.",
        "It is not the whole story. Kirk et al. (2023) find that RLHF makes answers less diverse overall; Shypula et al. (2025) find that \
         among answers of good quality, preference-tuned models can be the more diverse ones.",
    ],
};

pub(super) const ABOUT: About = About {
    miniature: "What is miniature about this",
    size: |parameters| format!("Llama 2 has 7 to 70 billion parameters; the model here has {parameters}. "),
    training: "This project trained it, and whatever its answers show comes from that training; nothing about them is written into this \
               page. What else is smaller or simpler than in the paper:",
    simpler: [
        [
            "The effect",
            "Weaker than the paper’s, and mixed. After RLHF facts stay more alike in the heat, but their curve does not become flat. Poems go \
             on varying with the heat, yet lose variety, too: at T = 1 more than the facts, and most of it in the last round. Settings were \
             chosen by people who had seen how alike the answers of this run are, and not all targets fixed beforehand were reached.",
        ],
        [
            "Reading",
            "Llama 2 first read a large part of the web. These models read nothing but poems and facts that a program of this project wrote. \
             Outside short poems and simple facts they answer nonsense.",
        ],
        [
            "People",
            "The paper’s annotators were people. Here they are simulated: rules, of varying skill, with tastes and mistakes of their own.",
        ],
        ["Conversations", "A chat there; one prompt and one answer here."],
        [
            "Reward models",
            "Two there, for helpfulness and for safety. Here there is one, no larger than the models that it judges, and nothing about safety.",
        ],
        [
            "Rounds",
            "The steps are the paper’s: imitation (SFT), four rounds of learning from the best of several answers (v1 to v4), then policy \
             optimisation on a leash (v5). Each is far shorter.",
        ],
        [
            "Truth",
            "In the paper people say whether an answer is good. Here a program knows whether a fact is right and a rhyme rhymes. The table \
             below was measured with it, and it decided when v5 was done; models learned from the annotators alone.",
        ],
        ["Weights", "They are rounded to about four and a half bits each, so that they reach you quickly."],
        [
            "Self-BLEU",
            "The paper does not say how it computed its own. Ours is explained above; compare shapes, not levels.",
        ],
        [
            "Chance",
            "Stages and recorded curves are those of one training run. Two more runs, from other seeds, are in the model card.",
        ],
    ],
    card: ["Much more, and the limits, are in the ", "model card", "."],
    table: "The stages, as recorded when they were trained",
    caption: "Recorded at T = 1 when the stages were trained, on their weights before rounding, in one run. “Held out” are subjects that RLHF \
              never asked for; over three runs v5 gained nothing there (70% for SFT, 68% for v5).",
    stage: "Stage",
    measures: [
        "Facts right",
        "… of subjects held out",
        "Poems that rhyme",
        "Poems on topic",
        "Quality of poems",
    ],
    trained: "Trained",
    origin: |date, commit, file| {
        let file = file
            .map(|[size, quantization, sha256]| format!(", {size} ({quantization}), SHA-256 {sha256}"))
            .unwrap_or_default();
        format!("{date}, code {commit}{file}")
    },
    sources: "Sources",
    section: ", section 5.1 and Figure 21. ",
    cite: "How to cite",
    cite_what: "The paper for the finding; this page for its models, its data and the experiment. The files that you export name the models and \
                seeds that they come from.",
    cite_name: "Entries for a bibliography, as BibTeX",
    cite_copy: ["Copy BibTeX", "BibTeX copied"],
};
