//! The consent, and what has become of it. It is off until the visitor agrees.

use std::rc::Rc;

use yew::prelude::*;

use super::courier::Courier;
use super::state::{Action, State};
use crate::app::language::use_words;
use crate::app::parts::emit;
use crate::platform::listener::WindowListener;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Panel`].
#[derive(Properties, PartialEq)]
pub struct PanelProps {
    /// The collector, without a slash at the end.
    pub url: AttrValue,
    /// Votes kept; whenever their number changes, there may be something to do.
    pub kept: Option<u32>,
    /// Told whether the visitor agrees.
    pub on_agree: Callback<bool>,
}

/// Question, standing, buttons.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let said = &use_words().compare.sending;
    let state = use_reducer_eq(State::default);
    let courier = {
        let dispatcher = state.dispatcher();
        use_memo(props.url.clone(), move |url| Courier::new(url, dispatcher))
    };
    {
        let courier = Rc::clone(&courier);
        use_effect_with(props.kept, move |_| courier.wake());
    }
    {
        let courier = Rc::clone(&courier);
        use_effect_with((), move |()| {
            let waiting = Rc::clone(&courier);
            let listener = WindowListener::of_network(move || waiting.back_online());
            move || {
                drop(listener);
                courier.rest();
            }
        });
    }
    {
        let on_agree = props.on_agree.clone();
        use_effect_with(state.agrees, move |agrees| on_agree.emit(*agrees == Some(true)));
    }
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let agree = |agrees: bool| {
        let courier = Rc::clone(&courier);
        Callback::from(move |_: MouseEvent| courier.agree(agrees))
    };
    let withdraw = {
        let (courier, act) = (Rc::clone(&courier), act.clone());
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Confirm(false));
            courier.withdraw();
        })
    };
    let host = props.url.split_once("://").map_or(&*props.url, |(_, host)| host).to_owned();
    let agrees = state.agrees == Some(true);
    html! {
        <section id="sending" class="sending" aria-labelledby="sending-heading" data-agrees={state.agrees.map(|agrees| agrees.to_string())}
            data-activity={state.activity.id()} data-sent={state.tally.sent.to_string()} data-waiting={state.tally.waiting.to_string()}
            data-taking-back={state.tally.taking_back.to_string()} data-withdrawing={state.is_withdrawing.to_string()}>
            <h3 id="sending-heading">{ said.heading }</h3>
            if state.agrees == Some(false) && !state.is_withdrawing {
                <p>{ (said.question)(&host) }</p>
            }
            <div role="status">
                <p id="sending-standing">{ (said.standing)(&state, &host) }</p>
                if let Some(text) = (said.activity)(&state, &host) { <p id="sending-activity" class="note problem">{ text }</p> }
                { for state.tally.refused.iter().map(|(code, count)| html! {
                    <p class="note problem" data-refused={code.clone()}>{ (said.refused)(code, *count) }</p>
                }) }
            </div>
            if state.is_confirming {
                <div class="buttons" role="group" aria-label={said.delete_asked}>
                    <span>{ said.delete_asked }</span>
                    <button id="sending-delete-yes" type="button" onclick={withdraw}>{ said.delete_yes }</button>
                    <button id="sending-delete-no" type="button" onclick={emit(&act, Action::Confirm(false))}>{ said.delete_no }</button>
                </div>
            } else {
                <div class="buttons">
                    if agrees {
                        <button id="sending-stop" type="button" onclick={agree(false)}>{ said.stop }</button>
                    } else {
                        <button id="sending-agree" type="button" onclick={agree(true)} disabled={state.agrees.is_none() || state.is_withdrawing}>
                            { said.agree }</button>
                    }
                    if state.can_withdraw() {
                        <button id="sending-delete" type="button" onclick={emit(&act, Action::Confirm(true))}>{ said.delete }</button>
                    }
                </div>
            }
        </section>
    }
}
