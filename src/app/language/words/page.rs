//! The head of the page, the device, the stages.

/// Head of the page, and what concerns all of it.
pub struct Page {
    /// Title of the document. `www/index.html` has the English one.
    pub title: &'static str,
    /// Its description for search engines and previews.
    pub description: &'static str,
    /// The first link, for those who use the keyboard.
    pub skip: &'static str,
    /// What the page is about, in a sentence or two.
    pub claim: &'static str,
    /// What stands there before the page's program has arrived, in `www/index.html`.
    pub loading: &'static str,
    /// Where the models' language is not the page's: which it is.
    pub foreign_models: Option<&'static str>,
    /// Name of the switch of languages, for screen readers.
    pub language: &'static str,
    /// Name of the list of chapters, for screen readers.
    pub contents: &'static str,
    /// The chapters, in their order.
    pub chapters: [&'static str; 6],
    /// Button that begins the tour.
    pub tour: &'static str,
    /// Button that leaves out the prose.
    pub lecture: &'static str,
}

/// The device that computes.
pub struct Device {
    /// Before the device's name, for screen readers.
    pub runs_on: &'static str,
    /// Badge: it failed.
    pub failed: &'static str,
    /// Badge: the visitor stopped it.
    pub stopped: &'static str,
    /// Badge: it is on its way.
    pub starting: &'static str,
    /// There is none yet.
    pub absent: &'static str,
    /// Why the processor.
    pub processor: &'static str,
    /// Why the graphics card.
    pub graphics: &'static str,
    /// Why an imitation of a graphics card.
    pub imitation: &'static str,
    /// How many workers compute, where it is more than one.
    pub workers: fn(usize) -> String,
    /// Why the graphics card is not in use: a sentence follows.
    pub graphics_card: fn(&str) -> String,
    /// The graphics card is being looked at.
    pub opening: &'static str,
    /// The graphics card was lost, and is tried once more.
    pub reopening: &'static str,
    /// The browser has no WebGPU.
    pub no_webgpu: &'static str,
    /// The browser has WebGPU, but no adapter.
    pub no_adapter: &'static str,
    /// The adapter is an imitation; its name, if known.
    pub software: fn(Option<&str>) -> String,
    /// The visitor chose the processor.
    pub unwanted: &'static str,
    /// Where prompts and answers are computed.
    pub local: &'static str,
}

/// Training stages. Their names and summaries come with the models, in English; what is not known here stays so.
pub struct Stages {
    /// Name of a stage, from the one that came with it.
    pub label: fn(&str) -> Option<&'static str>,
    /// Summary of a stage, from the one that came with it.
    pub summary: fn(&str) -> Option<&'static str>,
    /// A model in one line: parameters, size of the file, kind of its numbers, stage.
    pub line: fn(&str, Option<(&str, &str)>, &str) -> String,
}
