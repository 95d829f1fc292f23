//! The page as a whole: state, effects and layout.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::chapter::Chapter;
use super::column::Phase;
use super::compare::widget::Compare;
use super::curves::curves_of;
use super::experiment::widget::ExperimentChapter;
use super::inside::subject::Subject;
use super::inside::widget::Inside;
use super::language::{Language, LanguageProvider, Words};
use super::learn::widget::Learn;
use super::link::{from_fragment, to_fragment};
use super::parts::about::{About, Reading};
use super::parts::chapters::{Chapters, TOUR_BUTTON};
use super::parts::chart::MemoryChart;
use super::parts::column::ColumnView;
use super::parts::controls::Controls;
use super::parts::guide::Guide;
use super::parts::languages::KEPT_LANGUAGE;
use super::parts::masthead::Masthead;
use super::parts::progress::{Announcement, Notice, RunProgress};
use super::parts::thermostat::Thermostat;
use super::prompts::Side;
use super::rewards::widget::Rewards;
use super::session::{Session, Wishes};
use super::settings::Settings;
use super::slot::{Place, Slot};
use super::state::{Action, Engine, State};
use super::temperature::{TemperatureProvider, Tenths};
use super::tour::{ANSWERS, STOPS};
use super::turns::{Newest, Pace, use_acted, use_arrival, use_following, use_late, use_passed};
use crate::experiment::recorded::RecordedExperiment;
use crate::platform::address::{fragment, set_fragment};
use crate::platform::focus::{focus, focus_after_frame, focus_chapter};
use crate::platform::held::Held;
use crate::platform::keep::kept;
use crate::platform::language::{declare, preferred};
use crate::platform::listener::WindowListener;
use crate::platform::offline::{keep_page, offer_as_app};
use crate::platform::turn::in_turn;

/// The list of chapters with the parts of the first, and the chapters below it. They come one after the other.
const FIRST: usize = 5;
/// Those of the first that need no list of models.
const UNLISTED: usize = 2;
const CHAPTERS: usize = 6;
/// What speaks a language by itself: the list of chapters with what follows it, thermostat, controls, curves and columns of the first chapter, then the chapters below.
const SPEAKERS: usize = 5 + CHAPTERS;
/// Chapters come when the first answers have, and controls when the list of models has; or after this time.
const PATIENCE_MS: u32 = 2_000;
/// Pause before each chapter, unless the visitor has done something.
const BETWEEN_MS: u32 = 100;
/// Settings that change within this time are one change: a slider on its way, typing.
const SETTLE_MS: u32 = 150;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// The page. Language and temperature are given by parts that hold one other: they compare what stands in them, and would go through
/// the whole page.
#[component]
pub fn Page() -> Html {
    let state = use_reducer_eq(|| State::new(from_fragment(&fragment())));
    let language = use_language(state.settings.language);
    // For whatever follows the slider: drawn right after the frame in which the slider itself moves.
    let tenths = Tenths(use_late(state.settings.temperature_tenths));
    html! {
        <LanguageProvider context={language}>
            <TemperatureProvider context={tenths}><Whole {state} {language} /></TemperatureProvider>
        </LanguageProvider>
    }
}

#[derive(Properties, PartialEq)]
struct WholeProps {
    state: UseReducerHandle<State>,
    language: Language,
}

#[component]
fn Whole(WholeProps { state, language }: &WholeProps) -> Html {
    let session = {
        let (wish, dispatcher) = (state.settings.device, state.dispatcher());
        use_memo((), move |_| Session::start(wish, dispatcher))
    };
    use_link(state);
    use_effect_with((), |()| {
        let held_keys = WindowListener::of_held_keys();
        move || drop(held_keys)
    });
    let words = language.words();
    {
        let (session, current) = (Rc::clone(&session), (**state).clone());
        use_effect_with(Wishes::of(state), move |_| session.follow(current));
    }
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, _| dispatcher.dispatch(action))
    };
    let wide = use_state_eq(|| false);
    let on_wide = {
        let wide = wide.clone();
        use_callback((), move |value: bool, _| wide.set(value))
    };
    let chosen = use_state_eq(|| None::<(u32, Subject)>);
    let on_look = {
        let (setter, times) = (chosen.setter(), use_mut_ref(|| 0_u32));
        use_callback((), move |subject: Subject, ()| {
            *times.borrow_mut() += 1;
            setter.set(Some((*times.borrow(), subject)));
            focus(Chapter::Inside.id());
        })
    };
    let votes_kept = use_state_eq(|| None::<u32>);
    let on_kept = {
        let setter = votes_kept.setter();
        use_callback((), move |kept: Option<u32>, ()| setter.set(kept))
    };
    let stop = use_state_eq(|| None::<usize>);
    let on_stop = {
        let setter = stop.setter();
        use_callback((), move |stop: Option<usize>, ()| {
            setter.set(stop);
            if stop.is_none() {
                focus_after_frame(TOUR_BUTTON);
            }
        })
    };
    let on_tour = {
        let setter = stop.setter();
        use_callback((), move |(), ()| setter.set(Some(0)))
    };
    let has_answered = Side::ALL.into_iter().any(|side| state.column(side).phase == Phase::Finished);
    // While the engine answers for the first time it has the processor, which may be a small one; and nobody who only reads the first
    // chapter waits for those below it.
    let (wanted, late) = (use_acted(state.settings.chapter != Chapter::default()), use_passed(PATIENCE_MS));
    // With the list of models the controls have as many lines as they will have; but who waits for long sees what for.
    let listed = state.manifest.is_some() || matches!(state.engine, Engine::Failed(_));
    let parts = use_arrival(if listed || late { FIRST } else { UNLISTED }, Pace::AtOnce);
    let comes = parts == FIRST && (has_answered || wanted || late);
    let pace = if wanted { Pace::InTurn } else { Pace::Pausing(BETWEEN_MS) };
    let arrived = use_arrival(if comes { CHAPTERS } else { 0 }, pace);
    let [of_contents, of_slider, of_controls, of_curves, of_columns, languages @ ..]: [Language; SPEAKERS] =
        use_following(*language);
    // What is said of the model, and the curves, when the stage changes, come right after the frame in which it does.
    let late_model = use_late(state.stage().map(|stage| words.model_line(stage)).unwrap_or_default());
    let late_curves = use_late(Rc::new(curves_of(state)));
    // The tour's bar comes before what it looks at, and the button says that it is pressed before the whole page changes its size.
    let (late_stop, late_lecture) = use_late((*stop, state.settings.lecture));
    let hero = of_contents.words();
    use_view(state.settings.chapter, late_stop);
    {
        let session = Rc::clone(&session);
        use_effect_with(parts == FIRST, move |stands| {
            if *stands {
                session.page_stands();
            }
        });
    }
    {
        let client = session.client.clone();
        use_effect_with(has_answered && arrived == CHAPTERS, move |is_whole| {
            if *is_whole {
                client.page_is_whole();
                // It fetches what is kept once more, from the browser's cache if that has it.
                keep_page();
                offer_as_app();
            }
        });
    }
    let names = state
        .stage()
        .zip(state.stage_beside())
        .map(|(a, b)| [a, b].map(|stage| words.stage_label(&stage.label).to_owned()));
    let column = |side: Side| {
        let column = Rc::clone(state.column(side));
        let beside =
            names.clone().map(|names| (names, Rc::clone(state.at(Slot { side, place: Place::Beside }))));
        let prompt = state.settings.prompts[side.index()].clone();
        html! { <ColumnView {side} {column} {beside} {prompt} act={act.clone()} on_look={on_look.clone()} /> }
    };
    let columns = state.shown().to_vec();
    html! {
        <div class="page" data-view={if late_lecture { "lecture" } else { "story" }}>
            <SkipLink text={words.page.skip} />
            <Masthead tenths={state.settings.temperature_tenths} device={state.device.clone()} workers={state.workers} engine={state.engine.id()} gpu_note={state.gpu_note.clone()}
                model_line={late_model} act={act.clone()} />
            if parts > 0 {
                <LanguageProvider context={of_contents}>
                    <Chapters lecture={state.settings.lecture} {on_tour} act={act.clone()} />
                </LanguageProvider>
            }
            <main hidden={parts == 0}>
                <section id="instrument" class="instrument" tabindex="-1" aria-labelledby="instrument-heading"
                    data-engine={state.engine.id()} data-run={if state.is_running() { "running" } else { "idle" }}>
                    <div class="hero" lang={of_contents.tag()}>
                        <h2 id="instrument-heading">{ hero.chapter(Chapter::Instrument) }</h2>
                        <p class="lede">{ hero.instrument.lede }</p>
                        if let Some(note) = hero.page.foreign_models {
                            <p class="note">{ note }</p>
                        }
                    </div>
                    if parts > 1 {
                        <LanguageProvider context={of_slider}>
                            <Thermostat tenths={state.settings.temperature_tenths} wide={*wide} act={act.clone()} />
                        </LanguageProvider>
                    }
                    if parts > 2 {
                        <div class="bench">
                            <LanguageProvider context={of_controls}>
                                <Controls settings={state.settings.clone()} manifest={state.manifest.clone()}
                                    running={state.is_running()} wide={*wide} {on_wide} act={act.clone()}>
                                    <RunProgress engine={state.engine.clone()} columns={columns.clone()} act={act.clone()} />
                                </Controls>
                            </LanguageProvider>
                            if parts > 3 {
                                <LanguageProvider context={of_curves}>
                                    <MemoryChart curves={late_curves}
                                        recorded={state.recorded.as_deref().map(|recorded| curves_note(recorded, state.settings.answers, of_curves.words()))} />
                                </LanguageProvider>
                            }
                        </div>
                    }
                    <Notice engine={state.engine.clone()} columns={columns.clone()} act={act.clone()} />
                    if parts > 4 {
                        <LanguageProvider context={of_columns}>
                            <div id={ANSWERS} lang={of_columns.tag()} class={classes!("columns", names.is_some().then_some("compared"))}>{ for Side::ALL.map(column) }</div>
                        </LanguageProvider>
                    }
                    <Announcement engine={state.engine.id()} {columns} stages={names} />
                </section>
                if arrived > 0 {
                    <LanguageProvider context={languages[0]}>
                        <Inside engine={session.client.clone()} manifest={state.manifest.clone()} firsts={Side::ALL.map(|side| first(state, side))}
                            chosen={(*chosen).clone()} act={act.clone()} />
                    </LanguageProvider>
                }
                if arrived > 1 {
                    <LanguageProvider context={languages[1]}>
                        <ExperimentChapter engine={session.client.clone()} manifest={state.manifest.clone()} device={state.device.clone()}
                            recorded={state.recorded.clone()} />
                    </LanguageProvider>
                }
                if arrived > 2 {
                    <LanguageProvider context={languages[2]}>
                        <Rewards engine={session.client.clone()} manifest={state.manifest.clone()} />
                    </LanguageProvider>
                }
                if arrived > 3 {
                    <LanguageProvider context={languages[3]}>
                        <Compare engine={session.client.clone()} manifest={state.manifest.clone()} device={state.device.clone()}
                            engine_phase={state.engine.id()} {on_kept} />
                    </LanguageProvider>
                }
                if arrived > 4 {
                    <LanguageProvider context={languages[4]}>
                        <Learn engine={session.client.clone()} manifest={state.manifest.clone()} act={act.clone()} votes_kept={*votes_kept} />
                    </LanguageProvider>
                }
                if arrived > 5 {
                    <LanguageProvider context={languages[5]}><Reading /></LanguageProvider>
                }
            </main>
            if arrived > 5 {
                <LanguageProvider context={languages[5]}><About manifest={state.manifest.clone()} /></LanguageProvider>
            }
            <Guide stop={*stop} manifest={state.manifest.clone()} {on_stop} act={act.clone()} />
        </div>
    }
}

/// What the recorded curves are, and why the points of fewer answers do not lie on them.
fn curves_note(recorded: &RecordedExperiment, answers: u8, words: &Words) -> String {
    let mut note = words.recorded(recorded);
    if u32::from(answers) < recorded.protocol.answers_per_prompt {
        note += &(words.chart.fewer)(answers);
    }
    note
}

/// The page's language: the one chosen, or else what was chosen before, or else what the browser says. The
/// document is told.
#[hook]
fn use_language(chosen: Option<Language>) -> Language {
    let usual = use_memo((), |()| Language::chosen(None, kept(KEPT_LANGUAGE).as_deref(), preferred()));
    let language = chosen.unwrap_or(*usual);
    use_effect_with(language, |&language| {
        // Parts name their language themselves: this can wait until the first of them has been drawn.
        in_turn(move || {
            let page = &language.words().page;
            declare(language.tag(), page.title, page.description);
        });
    });
    language
}

/// Shows the chapter of the settings when it changes (when a link is opened, on the way back), and on the tour what it looks at. It stays in
/// view while chapters, answers and readings still arrive, until the visitor does something.
#[hook]
fn use_view(chapter: Chapter, stop: Option<usize>) {
    // At the start the page stands at its beginning.
    let shown = use_mut_ref(Chapter::default);
    let held = use_mut_ref(|| None::<Held>);
    use_effect_with((chapter, stop), move |&(chapter, stop)| {
        let is_new = shown.replace(chapter) != chapter;
        let place = match stop.and_then(|place| STOPS.get(place)) {
            // Until its changes are made the chapter is still another.
            Some(there) => (there.chapter == chapter).then_some(there.place),
            None => is_new.then(|| {
                // On the way back and forward nothing else moves it.
                focus_chapter(chapter.id());
                chapter.id()
            }),
        };
        if let Some(place) = place {
            // The one before lets go first.
            held.take();
            held.replace(Some(Held::at_top(place)));
        }
    });
}

/// The first answer of a column, when all have come.
fn first(state: &State, side: Side) -> Option<Subject> {
    let column = state.column(side);
    let finished = column.phase == Phase::Finished;
    finished.then(|| (0..column.rows.len()).find_map(|row| Subject::of_row(side, column, row))).flatten()
}

/// Keeps the address and the settings together, and runs what the settings ask for once they rest.
#[hook]
fn use_link(state: &UseReducerHandle<State>) {
    let written = use_mut_ref(|| None::<Settings>);
    let newest = use_memo((), |()| Newest::default());
    let before = use_mut_ref(|| state.settings.clone());
    {
        let (written, dispatcher) = (Rc::clone(&written), state.dispatcher());
        use_effect_with(state.settings.clone(), move |settings| {
            let settle = move |settings: Settings| {
                write_link(&written, &settings);
                dispatcher.dispatch(Action::Settle);
            };
            // Key after key moves the slider on: answers to the temperatures between would only come in the way.
            let may_go_on = before.replace(settings.clone()).is_moved_to(settings);
            let settings = settings.clone();
            let timer = Timeout::new(SETTLE_MS, move || {
                if may_go_on {
                    newest.follow_when_still(settings, settle);
                } else {
                    newest.follow(settings, true, settle);
                }
            });
            move || drop(timer)
        });
    }
    let dispatcher = state.dispatcher();
    use_effect_with((), move |_| {
        let listener = WindowListener::of_fragment(move || {
            let settings = from_fragment(&fragment());
            *written.borrow_mut() = Some(settings.clone());
            dispatcher.dispatch(Action::Open(settings));
        });
        move || drop(listener)
    });
}

/// Writes the address. Settings get an entry of their own in the history, so that "back" works; a temperature that
/// moves on replaces the one before, so that "back" does not crawl along the slider.
fn write_link(written: &RefCell<Option<Settings>>, settings: &Settings) {
    let link = to_fragment(settings);
    let before = written.replace(Some(settings.clone()));
    if link == fragment() {
        return;
    }
    let new_entry =
        before.is_some_and(|before| to_fragment(&before) == fragment() && !before.is_moved_to(settings));
    set_fragment(&link, new_entry);
}

#[derive(Properties, PartialEq)]
struct SkipLinkProps {
    text: &'static str,
}

/// A link to the instrument. It moves the focus itself, because the fragment of the address holds the settings.
#[component]
fn SkipLink(props: &SkipLinkProps) -> Html {
    let onclick = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        focus("instrument");
    });
    html! { <a class="skip-link" href="#instrument" {onclick}>{ props.text }</a> }
}
