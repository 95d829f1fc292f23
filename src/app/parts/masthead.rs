//! Name, claim, device badge, model line.

use yew::prelude::*;

use super::heat;
use super::languages::Languages;
use crate::app::language::{Words, use_words};
use crate::app::state::{Action, GpuNote};
use crate::protocol::{DeviceKind, DeviceReport};
use crate::worker::switchboard::Declined;

/// Properties of [`Masthead`].
#[derive(Properties, PartialEq)]
pub struct MastheadProps {
    /// The slider's temperature.
    pub tenths: u8,
    /// The device in use.
    pub device: Option<DeviceReport>,
    /// How many workers share the answers.
    pub workers: usize,
    /// Where the engine stands.
    pub engine: &'static str,
    /// Why the graphics card is not in use.
    pub gpu_note: Option<GpuNote>,
    /// The model in one line; empty until it is known.
    pub model_line: String,
    /// What to do.
    pub act: Callback<Action>,
}

/// The head of the page.
#[component]
pub fn Masthead(props: &MastheadProps) -> Html {
    let words = use_words();
    html! {
        <header class="masthead">
            <div class="title">
                <div class="brand">
                    <span class="mark" style={heat(props.tenths)} aria-hidden="true">
                        <svg viewBox="0 0 24 24"><path d="M5.6 18.4 A9 9 0 1 1 18.4 18.4" /></svg>
                        <svg class="mark-hand" viewBox="0 0 24 24"><line x1="12" y1="12.6" x2="12" y2="6.4" /></svg>
                    </span>
                    <h1>{ "Thermostat" }</h1>
                </div>
                <p class="claim">{ words.page.claim }</p>
            </div>
            <div class="facts">
                <DeviceBadge device={props.device.clone()} workers={props.workers} engine={props.engine}
                    gpu_note={props.gpu_note.clone()} />
                <Languages act={props.act.clone()} />
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
    gpu_note: Option<GpuNote>,
}

/// Where the model runs; why, on hover, focus or tap. Escape hides the reason.
#[component]
fn DeviceBadge(props: &BadgeProps) -> Html {
    let words = use_words();
    let said = &words.device;
    let open = use_state_eq(|| false);
    let dismissed = use_state_eq(|| false);
    let (id, label) = match (&props.device, props.engine) {
        (_, "failed") => ("failed", said.failed),
        (Some(DeviceReport { device: DeviceKind::Cpu, .. }), _) => ("cpu", "CPU"),
        (Some(DeviceReport { device: DeviceKind::WebGpu, .. }), _) => ("webgpu", "WebGPU"),
        (None, "stopped") => ("failed", said.stopped),
        (None, _) => ("starting", said.starting),
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
        Some(device) => format!("{} ({})", why(device, words), device.name),
        None => said.absent.to_owned(),
    };
    let class = classes!("badge-box", open.then_some("open"), dismissed.then_some("dismissed"));
    html! {
        <div {class} {onkeydown} {onmouseleave} {onfocusout}>
            <button id="device-badge" class="badge" type="button" data-device={id}
                data-workers={props.workers.max(1).to_string()} aria-expanded={open.to_string()}
                aria-controls="device-details" aria-describedby="device-details" {onclick}>
                <span class="lamp" aria-hidden="true"></span>
                <span class="hidden">{ said.runs_on }</span>{ label }
            </button>
            <div id="device-details" class="tooltip" role="tooltip">
                <p>{ details }</p>
                if props.workers > 1 {
                    <p>{ (said.workers)(props.workers) }</p>
                }
                if let Some(note) = &props.gpu_note {
                    <p>{ (said.graphics_card)(&note_on_gpu(note, words)) }</p>
                }
                <p>{ said.local }</p>
            </div>
        </div>
    }
}

/// Why a device is in use.
fn why(device: &DeviceReport, words: &Words) -> &'static str {
    match (device.device, device.software) {
        (DeviceKind::Cpu, _) => words.device.processor,
        (DeviceKind::WebGpu, false) => words.device.graphics,
        (DeviceKind::WebGpu, true) => words.device.imitation,
    }
}

/// Why the graphics card is not in use.
fn note_on_gpu(note: &GpuNote, words: &Words) -> String {
    let said = &words.device;
    match note {
        GpuNote::Opening => said.opening.to_owned(),
        GpuNote::Reopening => said.reopening.to_owned(),
        GpuNote::Declined(Declined::NoWebGpu) => said.no_webgpu.to_owned(),
        GpuNote::Declined(Declined::NoAdapter) => said.no_adapter.to_owned(),
        GpuNote::Declined(Declined::Software(name)) => (said.software)(name.as_deref()),
        GpuNote::Declined(Declined::Unwanted) => said.unwanted.to_owned(),
        GpuNote::Declined(Declined::Failed(error)) => (words.faults.fault)(error).message,
    }
}
