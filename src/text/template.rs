//! How a prompt is dressed for a chat model.
//!
//! GGUF files carry their template as a Jinja program. Running programs from files is not wanted here: the few templates
//! in use are recognised by their text, and anything else is refused with a clear error. A system message, which some
//! templates bring along by default, is left out.

/// The template of our own models, as their files carry it.
pub const THERMOSTAT_TEMPLATE: &str = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/// A template that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatTemplate {
    /// `<|user|>PROMPT<|assistant|>ANSWER<|end|>`
    Thermostat,
    /// `<|im_start|>user\nPROMPT<|im_end|>\n<|im_start|>assistant\nANSWER<|im_end|>` (Qwen2.5, SmolLM2)
    ChatMl,
    /// `<|start_header_id|>user<|end_header_id|>\n\nPROMPT<|eot_id|>` and the same for the assistant (Llama 3)
    Llama3,
}

/// A part of a dressed prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The template's own text, in which special tokens are recognised.
    Template(&'static str),
    /// The visitor's prompt, in which they are not.
    Prompt,
}

impl ChatTemplate {
    /// Recognises a template by its text.
    #[must_use]
    pub fn recognise(template: &str) -> Option<Self> {
        let has = |spellings: [&str; 2]| spellings.iter().all(|spelling| template.contains(spelling));
        if template == THERMOSTAT_TEMPLATE {
            Some(Self::Thermostat)
        } else if has(["<|im_start|>", "<|im_end|>"]) {
            Some(Self::ChatMl)
        } else if has(["<|start_header_id|>", "<|eot_id|>"]) {
            Some(Self::Llama3)
        } else {
            None
        }
    }

    /// The parts of a dressed prompt, up to where the answer begins.
    pub(super) fn parts(self) -> &'static [Part] {
        match self {
            Self::Thermostat => &[Part::Template("<|user|>"), Part::Prompt, Part::Template("<|assistant|>")],
            Self::ChatMl => &[
                Part::Template("<|im_start|>user\n"),
                Part::Prompt,
                Part::Template("<|im_end|>\n<|im_start|>assistant\n"),
            ],
            Self::Llama3 => &[
                Part::Template("<|start_header_id|>user<|end_header_id|>\n\n"),
                Part::Prompt,
                Part::Template("<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
            ],
        }
    }
}
