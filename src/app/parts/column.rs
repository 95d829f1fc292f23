//! One side: its prompt, then dials and answers of the chosen stage, and of the one beside it if there is one.

use std::rc::Rc;

use yew::prelude::*;

use super::answers::Answers;
use super::dials::DialsView;
use super::prompt::PromptPicker;
use crate::app::column::Column;
use crate::app::inside::subject::Subject;
use crate::app::language::use_words;
use crate::app::prompts::Side;
use crate::app::settings::Prompt;
use crate::app::slot::{Place, Slot};
use crate::app::state::Action;
use crate::app::turns::use_late;

/// Properties of [`ColumnView`].
#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    /// Which side.
    pub side: Side,
    /// Answers of the chosen stage.
    pub column: Rc<Column>,
    /// With a stage beside: the names of both stages, and its answers.
    pub beside: Option<([String; 2], Rc<Column>)>,
    /// What is chosen.
    pub prompt: Prompt,
    /// What to do.
    pub act: Callback<Action>,
    /// Looks into an answer.
    pub on_look: Callback<Subject>,
}

/// A side.
#[component]
pub fn ColumnView(props: &ColumnProps) -> Html {
    let words = use_words();
    let side = props.side;
    // Answers are the most there is to draw: each side in a turn of its own, after the frame that shows what the visitor did.
    let (column, beside) = use_late((Rc::clone(&props.column), props.beside.clone()));
    let heading = format!("heading-{}", side.id());
    let panel = |place: Place, column: &Rc<Column>, stage: Option<&String>| {
        let slot = Slot { side, place };
        let stage = stage.map(|stage| AttrValue::from(stage.clone()));
        html! {
            <div class="panel" data-phase={column.phase.id()}>
                if let Some(stage) = &stage {
                    <h4 class="panel-stage">{ stage }</h4>
                }
                <DialsView {slot} dials={column.dials} />
                <Answers {slot} {stage} column={Rc::clone(column)} on_look={props.on_look.clone()} />
            </div>
        }
    };
    html! {
        <section id={side.column()} class="column" aria-labelledby={heading.clone()}
            data-phase={column.phase.id()}>
            <div class="column-head">
                <h3 id={heading}>{ words.side(side) }</h3>
                <p>{ words.instrument.hints[side.index()] }</p>
                <PromptPicker {side} prompt={props.prompt.clone()} act={props.act.clone()} />
            </div>
            { panel(Place::Chosen, &column, beside.as_ref().map(|(names, _)| &names[0])) }
            if let Some((names, column)) = &beside {
                { panel(Place::Beside, column, Some(&names[1])) }
            }
        </section>
    }
}
