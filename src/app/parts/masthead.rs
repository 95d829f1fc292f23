//! Name, claim, device badge, model line.

use yew::prelude::*;

use crate::app::words;
use crate::protocol::{DeviceKind, DeviceReport};

/// Properties of [`Masthead`].
#[derive(Properties, PartialEq)]
pub struct MastheadProps {
    /// The device in use.
    pub device: Option<DeviceReport>,
    /// How many workers share the answers.
    pub workers: usize,
    /// Where the engine stands.
    pub engine: &'static str,
    /// Why the graphics card is not in use.
    pub gpu_note: Option<String>,
    /// The model in one line; empty until it is known.
    pub model_line: String,
}

/// The head of the page.
#[component]
pub fn Masthead(props: &MastheadProps) -> Html {
    html! {
        <header class="masthead">
            <div class="title">
                <div class="brand">
                    <svg class="mark" viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
                        <path d="M5.6 18.4 A9 9 0 1 1 18.4 18.4" class="mark-arc" />
                        <line x1="12" y1="12.6" x2="12" y2="6.4" class="mark-hand" />
                    </svg>
                    <h1>{ "Thermostat" }</h1>
                </div>
                <p class="claim">
                    { "Training with human feedback (RLHF) teaches a language model when to heed its temperature: poems keep " }
                    { "varying, facts settle. Watch a small model answer, live, in this tab." }
                </p>
            </div>
            <div class="facts">
                <DeviceBadge device={props.device.clone()} workers={props.workers} engine={props.engine}
                    gpu_note={props.gpu_note.clone()} />
                <p id="model-line" class="model-line">{ &props.model_line }</p>
            </div>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct BadgeProps {
    device: Option<DeviceReport>,
    workers: usize,
    engine: &'static str,
    gpu_note: Option<String>,
}

/// Where the model runs; why, on hover, focus or tap. Escape hides the reason.
#[component]
fn DeviceBadge(props: &BadgeProps) -> Html {
    let open = use_state_eq(|| false);
    let dismissed = use_state_eq(|| false);
    let (id, label) = match (&props.device, props.engine) {
        (_, "failed") => ("failed", "Not running"),
        (Some(DeviceReport { device: DeviceKind::Cpu, .. }), _) => ("cpu", "CPU"),
        (Some(DeviceReport { device: DeviceKind::WebGpu, .. }), _) => ("webgpu", "WebGPU"),
        (None, "stopped") => ("failed", "Stopped"),
        (None, _) => ("starting", "Starting …"),
    };
    let onclick = {
        let (open, dismissed) = (open.clone(), dismissed.clone());
        Callback::from(move |_: MouseEvent| {
            dismissed.set(*open);
            open.set(!*open);
        })
    };
    let onkeydown = {
        let (open, dismissed) = (open.clone(), dismissed.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(false);
                dismissed.set(true);
            }
        })
    };
    let forgive = {
        let dismissed = dismissed.clone();
        Callback::from(move |()| dismissed.set(false))
    };
    let onmouseleave = {
        let forgive = forgive.clone();
        Callback::from(move |_: MouseEvent| forgive.emit(()))
    };
    let onfocusout = {
        let open = open.clone();
        Callback::from(move |_: FocusEvent| {
            open.set(false);
            forgive.emit(());
        })
    };
    let details = match &props.device {
        Some(device) => format!("{} ({})", device.reason, device.name),
        None => "The engine is not running yet.".to_owned(),
    };
    let class = classes!("badge-box", open.then_some("open"), dismissed.then_some("dismissed"));
    html! {
        <div {class} {onkeydown} {onmouseleave} {onfocusout}>
            <button id="device-badge" class="badge" type="button" data-device={id}
                data-workers={props.workers.max(1).to_string()} aria-expanded={open.to_string()}
                aria-controls="device-details" aria-describedby="device-details" {onclick}>
                <span class="lamp" aria-hidden="true"></span>
                <span class="hidden">{ "Runs on: " }</span>{ label }
            </button>
            <div id="device-details" class="tooltip" role="tooltip">
                <p>{ details }</p>
                if props.workers > 1 {
                    <p>{ words::workers(props.workers) }</p>
                }
                if let Some(note) = &props.gpu_note {
                    <p>{ format!("Graphics card: {note}") }</p>
                }
                <p>{ "Nothing leaves this browser: the model runs here. Advanced lets you choose the device." }</p>
            </div>
        </div>
    }
}
