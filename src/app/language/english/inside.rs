use crate::app::language::words::Inside;
use crate::app::prompts::Side;

pub(super) const INSIDE: Inside = Inside {
    lede: "A model writes one token at a time: a word, or a piece of one. Choose a token to see what else could have stood there, and \
           how sure each training stage is.",
    factual: "A factual answer",
    creative: "A creative answer",
    own: "Your own text",
    or_press: "Or press “tokens” on any answer above.",
    prompt: "Prompt",
    answer: "Answer",
    type_here: "Type what a model might answer",
    read: "Read it",
    retry: "Try again",
    have_read: |here, all| format!("{here} of {all} stages have read the answer."),
    reading: "Reading the answer …",
    no_answer: "The first answers are on their way.",
    by_stage: |side, stage, temperature| {
        let side = match side {
            Side::Creative => "creative",
            Side::Factual => "factual",
        };
        format!("A {side} answer by {stage} at temperature {temperature}.")
    },
    by_visitor: "Typed by you.",
    tokens: "Tokens of the answer",
    end: "end",
    end_bar: "(end)",
    end_spoken: "end of the answer",
    part: "(part of a character)",
    line_end: "line end",
    colours_of: "Colours of",
    scale_middle: |one| format!("{one}: as SFT"),
    colours: |stage| {
        format!(
            "A token’s colour is its effective temperature: the one at which SFT would be as unsure here as {stage} is. Blue: training \
             made it surer; red: less sure. The thicker the line below, the more. Plain: SFT had no choice to begin with."
        )
    },
    temperature: "Temperature ",
    bars: "Bars: the chance at this temperature. The mark on a bar: as learned, at 1.",
    on_its_way: "On its way …",
    not_had: "It could not be had.",
    reference: "What the others are held against",
    effective: "Effective temperature ",
    effective_spoken: |value| format!("effective temperature {value}"),
    no_choice: "SFT has no choice here",
    out_of_reach: "out of SFT's reach",
    others: "all others",
    bar: |came, now, learned| {
        let came = if came { ", which came" } else { "" };
        match learned {
            Some([temperature, learned]) => {
                format!("{came}: {now} at temperature {temperature}, {learned} as learned")
            }
            None => format!("{came}: {now}"),
        }
    },
    ask_more: |stages, bytes| {
        let stages = if stages == 1 { "1 more stage".to_owned() } else { format!("{stages} more stages") };
        format!("Ask {stages} ({bytes})")
    },
    more_note: "Their models are fetched once and kept: then the same token can be seen at every stage of training.",
};
