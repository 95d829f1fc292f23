//! The votes kept in this browser: how many, files of them, and their deletion.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::desk::Export;
use super::state::{Action, Notice};
use crate::app::language::use_words;
use crate::app::parts::{emit, file_button};

/// Properties of [`Shelf`].
#[derive(Properties, PartialEq)]
pub struct ShelfProps {
    /// Votes kept; none until counted.
    pub kept: Option<u32>,
    /// Votes of this visit that could not be kept.
    pub unsaved: usize,
    /// The last news.
    pub notice: Option<Notice>,
    /// Whether the visitor agreed to send votes, and a collector is there.
    pub is_sending: bool,
    /// Whether the deletion waits to be confirmed.
    pub is_confirming: bool,
    /// What to do.
    pub act: Callback<Action>,
    /// Hands out a file.
    pub on_export: Callback<Export>,
    /// Deletes all votes.
    pub on_delete: Callback<()>,
    /// Adds the votes of a file.
    pub on_import: Callback<web_sys::File>,
}

/// One line of numbers and buttons.
#[component]
pub fn Shelf(props: &ShelfProps) -> Html {
    let words = use_words();
    let said = &words.compare.shelf;
    let (delete, keep, notice) = (use_node_ref(), use_node_ref(), use_node_ref());
    let has_votes = props.kept.is_some_and(|kept| kept > 0) || props.unsaved > 0;
    use_confirmation_focus(props.is_confirming, if has_votes { &delete } else { &notice }, &keep);
    let export = |export: Export| {
        let on_export = props.on_export.clone();
        Callback::from(move |_: MouseEvent| on_export.emit(export))
    };
    let confirm = |is_confirming: bool| emit(&props.act, Action::Confirm(is_confirming));
    let on_escape = {
        let act = props.act.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                act.emit(Action::Confirm(false));
            }
        })
    };
    let on_delete = {
        let on_delete = props.on_delete.clone();
        Callback::from(move |_: MouseEvent| on_delete.emit(()))
    };
    let all = props.kept.unwrap_or(0) as usize + props.unsaved;
    let mut count = (said.kept)(props.kept.map(|kept| kept as usize), props.is_sending);
    if props.unsaved > 0 {
        count += &(said.unsaved)(props.unsaved);
    }
    html! {
        <div class="shelf">
            <p id="compare-count" data-kept={props.kept.map(|kept| kept.to_string())}>{ count }</p>
            if props.is_confirming {
                <div class="buttons" role="group" aria-label={said.confirm} onkeydown={on_escape}>
                    <span>{ (said.question)(all) }</span>
                    <button id="compare-delete-yes" type="button" onclick={on_delete}>{ (said.delete)(all) }</button>
                    <button ref={keep} id="compare-delete-no" type="button" onclick={confirm(false)}>{ said.keep }</button>
                </div>
            } else {
                <div class="buttons">
                    <button id="compare-export-trl" type="button" onclick={export(Export::Trl)} disabled={!has_votes}>
                        { said.for_trl }</button>
                    <button id="compare-export-records" type="button" onclick={export(Export::Records)} disabled={!has_votes}>
                        { said.in_full }</button>
                    { file_button("compare-import", said.add, ".jsonl,application/jsonl", false, &props.on_import) }
                    <button ref={delete} id="compare-delete" type="button" onclick={confirm(true)} disabled={!has_votes}>
                        { said.delete_all }</button>
                </div>
            }
            <p ref={notice} id="compare-notice" role="status" tabindex="-1" class={classes!("note", matches!(props.notice, Some(Notice::Problem(_))).then_some("problem"))}>
                { props.notice.as_ref().map(words.compare.notice).unwrap_or_default() }
            </p>
        </div>
    }
}

/// The focus goes to the harmless button, and afterwards `back`: to where it came from, or to the news that all is gone.
#[hook]
fn use_confirmation_focus(is_confirming: bool, back: &NodeRef, keep: &NodeRef) {
    let was_confirming = use_mut_ref(|| false);
    let (back, keep) = (back.clone(), keep.clone());
    use_effect_with(is_confirming, move |&is_confirming| {
        let target = match (was_confirming.replace(is_confirming), is_confirming) {
            (false, true) => keep,
            (true, false) => back,
            _ => return,
        };
        if let Some(element) = target.cast::<HtmlElement>() {
            // Focus fails only on what cannot be focused.
            let _ = element.focus();
        }
    });
}
