//! Reads values off a chart: where it is pointed at, and by the arrow keys.

use std::rc::Rc;

use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use super::marks::sample;
use crate::app::language::{Words, use_words};
use crate::experiment::axes::Axes;

/// What is read at one place of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Where: `T = 0.7`.
    pub at: String,
    /// What stands there, curve by curve.
    pub lines: Vec<Line>,
}

/// A curve's value at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The number of its mark.
    pub order: usize,
    /// Its shade.
    pub class: String,
    /// Its name.
    pub label: String,
    /// As measured now, if it was.
    pub value: Option<String>,
    /// As recorded, if it was.
    pub recorded: Option<String>,
}

impl Line {
    /// It in words; none without a value.
    fn said(&self, words: &Words) -> Option<String> {
        let recorded = self.recorded.as_ref().map(|value| (words.chart.read_recorded)(value));
        let said = [self.value.clone(), recorded].into_iter().flatten().collect::<Vec<_>>().join(", ");
        (!said.is_empty()).then_some(said)
    }
}

/// Where a chart's numbers lie in its drawing, as shares of its width and height: left, right, top, bottom.
#[must_use]
pub fn area(axes: &Axes, width: f64, height: f64) -> [f64; 4] {
    [axes.across.0 / width, axes.across.1 / width, axes.down.0 / height, axes.down.1 / height]
}

/// The style that lays something over an area of a drawing.
#[must_use]
pub fn over([left, right, top, bottom]: [f64; 4]) -> String {
    format!("--left: {left:.4}; --right: {right:.4}; --top: {top:.4}; --bottom: {bottom:.4}")
}

/// Where an event's pointer is within an element: shares of its width and height, 0 to 1. Which element, the event does not know: Yew
/// hears all events at the root of the page.
#[must_use]
pub fn shares(event: &PointerEvent, element: &NodeRef) -> Option<(f64, f64)> {
    let bounds = element.cast::<Element>()?.get_bounding_client_rect();
    let share = |at: i32, from: f64, size: f64| ((f64::from(at) - from) / size.max(1.0)).clamp(0.0, 1.0);
    Some((
        share(event.client_x(), bounds.left(), bounds.width()),
        share(event.client_y(), bounds.top(), bounds.height()),
    ))
}

/// Whether what is shown where somebody points stays when a pointer leaves: a finger is lifted to see what was under it, and
/// keys have no pointer.
#[must_use]
pub fn stays(event: &PointerEvent, element: &NodeRef) -> bool {
    event.pointer_type() == "touch" || is_by_keys(element)
}

/// Whether an element has the focus, and has it by keys.
#[must_use]
pub fn is_by_keys(element: &NodeRef) -> bool {
    let has_focus = |element: Element| element.matches(":focus-visible").unwrap_or(false);
    element.cast::<Element>().is_some_and(has_focus)
}

/// Properties of [`Reader`].
#[derive(Properties, PartialEq)]
pub struct ReaderProps {
    /// Id of the element.
    pub id: AttrValue,
    /// What is read, for screen readers.
    pub label: String,
    /// Where the chart's numbers lie in its drawing: [`area`].
    pub area: [f64; 4],
    /// Where each place that can be read lies across, as a share of that area; ascending.
    pub places: Rc<Vec<f64>>,
    /// The place that keys begin at.
    pub home: usize,
    /// What stands at a place.
    pub read: Callback<usize, Reading>,
}

/// Lies over a chart. A slider to whoever hears it: its values are what stands at the place.
#[component]
pub fn Reader(props: &ReaderProps) -> Html {
    let words = use_words();
    let element = use_node_ref();
    let shown = use_state_eq(|| None::<usize>);
    let Some(last) = props.places.len().checked_sub(1) else { return Html::default() };
    let place = shown.unwrap_or(props.home).min(last);
    let reading = props.read.emit(place);
    let point = {
        let (shown, places, element) = (shown.clone(), Rc::clone(&props.places), element.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((across, _)) = shares(&event, &element) else { return };
            let distance = |place: &usize| (places[*place] - across).abs();
            let nearest = (0..places.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
            shown.set(nearest);
        })
    };
    let onpointerleave = {
        let (shown, element) = (shown.clone(), element.clone());
        Callback::from(move |event: PointerEvent| {
            if !stays(&event, &element) {
                shown.set(None);
            }
        })
    };
    let onfocus = {
        let shown = shown.clone();
        Callback::from(move |_: FocusEvent| shown.set(Some(place)))
    };
    let onblur = {
        let shown = shown.clone();
        Callback::from(move |_: FocusEvent| shown.set(None))
    };
    let onkeydown = {
        let shown = shown.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => (place + 1).min(last),
                "ArrowLeft" | "ArrowDown" => place.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            shown.set(Some(next));
        })
    };
    let across = props.places[place];
    let line = |line: &Line| {
        let said = line.said(words)?;
        Some(
            html! { <li key={line.order}>{ sample(line.class.clone(), line.order) }{ format!("{} {said}", line.label) }</li> },
        )
    };
    html! {
        <div ref={element} id={props.id.clone()} class="reader" style={over(props.area)} role="slider" tabindex="0" aria-label={props.label.clone()}
            aria-valuemin="0" aria-valuemax={last.to_string()} aria-valuenow={place.to_string()} aria-valuetext={spoken(&reading, words)}
            onpointermove={point.clone()} onpointerdown={point} {onpointerleave} {onfocus} {onblur} {onkeydown}>
            if shown.is_some() {
                <div class="read-line" style={format!("left: {:.2}%", across * 100.0)}></div>
                <div class={classes!("read-values", (across > 0.5).then_some("before"))} style={format!("--across: {across:.4}")} aria-hidden="true">
                    <strong>{ reading.at.clone() }</strong>
                    <ul role="list">{ for reading.lines.iter().filter_map(line) }</ul>
                </div>
            }
        </div>
    }
}

/// What reads a chart by temperature, at every tenth from the lowest to `most_tenths`; keys begin at `tenths`. `lines`: what stands at a tenth.
pub fn by_tenths(
    id: String,
    title: &str,
    area: [f64; 4],
    (most_tenths, tenths): (u8, u8),
    words: &Words,
    lines: impl Fn(u8, &Words) -> Vec<Line> + 'static,
) -> Html {
    let language = words.language;
    let read = Callback::from(move |place: usize| {
        let words = language.words();
        let tenths = u8::try_from(place + 1).unwrap_or(u8::MAX);
        Reading { at: format!("T = {}", words.tenths(tenths)), lines: lines(tenths, words) }
    });
    let share = |tenths: u8| f64::from(tenths - 1) / f64::from(most_tenths - 1);
    let places: Vec<f64> = (1..=most_tenths).map(share).collect();
    let home = usize::from(tenths.saturating_sub(1));
    html! { <Reader {id} label={(words.chart.read)(title)} {area} places={Rc::new(places)} {home} {read} /> }
}

fn spoken(reading: &Reading, words: &Words) -> String {
    let line = |line: &Line| Some(format!("{} {}", line.label, line.said(words)?));
    let lines: Vec<String> = reading.lines.iter().filter_map(line).collect();
    let said = if lines.is_empty() { words.chart.read_nothing.to_owned() } else { lines.join("; ") };
    format!("{}: {said}", reading.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::language::Language;

    fn line(label: &str, value: Option<&str>, recorded: Option<&str>) -> Line {
        let [value, recorded] = [value, recorded].map(|value| value.map(str::to_owned));
        Line { order: 0, class: String::new(), label: label.to_owned(), value, recorded }
    }

    #[test]
    fn what_is_heard_is_what_stands_there() {
        let words = Language::English.words();
        let lines = vec![
            line("SFT", Some("0.35"), Some("0.40")),
            line("RLHF v1", None, None),
            line("RLHF v2", None, Some("0.50")),
        ];
        let reading = Reading { at: "T = 0.7".to_owned(), lines };
        assert_eq!(spoken(&reading, words), "T = 0.7: SFT 0.35, recorded 0.40; RLHF v2 recorded 0.50");
        let nothing = Reading { lines: vec![line("SFT", None, None)], ..reading };
        assert_eq!(spoken(&nothing, words), "T = 0.7: nothing yet");
    }

    #[test]
    fn the_area_is_the_axes_in_shares_of_the_drawing() {
        let axes = Axes { across: (20.0, 180.0), down: (10.0, 90.0), x: (0.0, 1.0), y: (0.0, 1.0) };
        assert_eq!(area(&axes, 200.0, 100.0), [0.1, 0.9, 0.1, 0.9]);
    }
}
