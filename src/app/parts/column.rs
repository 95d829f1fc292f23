//! One column: its prompt, its dials, its answers.

use std::rc::Rc;

use yew::prelude::*;

use super::answers::Answers;
use super::dials::DialsView;
use super::prompt::PromptPicker;
use crate::app::column::Column;
use crate::app::prompts::Side;
use crate::app::settings::Prompt;
use crate::app::state::Action;
use crate::app::words;

/// Properties of [`ColumnView`].
#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    /// Which column.
    pub side: Side,
    /// Its answers.
    pub column: Rc<Column>,
    /// What is chosen.
    pub prompt: Prompt,
    /// What to do.
    pub act: Callback<Action>,
}

/// A column.
#[component]
pub fn ColumnView(props: &ColumnProps) -> Html {
    let side = props.side;
    let heading = format!("heading-{}", side.id());
    html! {
        <section id={format!("column-{}", side.id())} class="column" aria-labelledby={heading.clone()}
            data-phase={props.column.phase.id()}>
            <div class="column-head">
                <h3 id={heading}>{ words::side_title(side) }</h3>
                <p>{ words::side_hint(side) }</p>
                <PromptPicker {side} prompt={props.prompt.clone()} act={props.act.clone()} />
            </div>
            <DialsView {side} dials={props.column.dials} />
            <Answers {side} column={Rc::clone(&props.column)} />
        </section>
    }
}
