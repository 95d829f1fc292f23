//! Settings that most visitors leave alone.

use yew::prelude::*;

use super::picker::Picker;
use super::value_of;
use crate::app::language::use_words;
use crate::app::settings::{Change, DeviceWish, Settings, USUAL_TENTHS};
use crate::app::state::Action;

/// Properties of [`Advanced`].
#[derive(Properties, PartialEq)]
pub struct AdvancedProps {
    /// What is chosen.
    pub settings: Settings,
    /// Whether the slider goes past the paper's range.
    pub wide: bool,
    /// The same, when the visitor changes it.
    pub on_wide: Callback<bool>,
    /// What to do.
    pub act: Callback<Action>,
}

/// Seed, truncation, device, wider slider; folded away.
#[component]
pub fn Advanced(props: &AdvancedProps) -> Html {
    let said = &use_words().advanced;
    let settings = &props.settings;
    let number = |change: fn(Option<f32>) -> Option<Change>| {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            let value = value_of(&event)
                .and_then(|value| value.parse::<f32>().ok())
                .filter(|value| value.is_finite());
            if let Some(change) = change(value) {
                act.emit(Action::Change(change));
            }
        })
    };
    let on_seed = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            if let Some(seed) = value_of(&event).and_then(|value| value.parse().ok()) {
                act.emit(Action::Change(Change::Seed(seed)));
            }
        })
    };
    let on_device = {
        let act = props.act.clone();
        Callback::from(move |id: String| {
            if let Some(wish) = DeviceWish::ALL.into_iter().find(|wish| wish.id() == id) {
                act.emit(Action::Change(Change::Device(wish)));
            }
        })
    };
    let wide = props.wide || settings.temperature_tenths > USUAL_TENTHS;
    let on_wide = {
        let (on_wide, act, tenths) = (props.on_wide.clone(), props.act.clone(), settings.temperature_tenths);
        Callback::from(move |_: Event| {
            on_wide.emit(!wide);
            if wide && tenths > USUAL_TENTHS {
                act.emit(Action::Change(Change::Temperature(USUAL_TENTHS)));
            }
        })
    };
    // Rounded and in range, so the conversions are exact; what is out of range is brought into it by the settings.
    let on_top_k = number(|value| Some(Change::TopK(value.map(|k| k.round().max(0.0) as u32))));
    let on_top_p =
        number(|value| Some(Change::TopP(value.map(|p| (p * 100.0).round().clamp(0.0, 100.0) as u8))));
    let top_p = settings.top_p_hundredths.map(|p| format!("0.{p:02}")).unwrap_or_default();
    let device = |(wish, name): (DeviceWish, &'static str)| (wish.id().into(), name.into());
    let devices: Vec<_> = DeviceWish::ALL.into_iter().zip(said.devices).map(device).collect();
    html! {
        <details id="advanced" class="advanced">
            <summary>{ said.open }</summary>
            <div class="advanced-fields">
                <div class="field">
                    <label for="seed">{ said.seed }</label>
                    <input id="seed" type="number" inputmode="numeric" min="0" max="4294967295" step="1"
                        value={settings.seed.to_string()} aria-describedby="seed-note" onchange={on_seed} />
                    <p id="seed-note" class="note">{ said.seed_note }</p>
                </div>
                <div class="field">
                    <label for="top-k">{ "Top-k" }</label>
                    <input id="top-k" type="number" inputmode="numeric" min="1" step="1" placeholder={said.off}
                        value={settings.top_k.map(|k| k.to_string()).unwrap_or_default()}
                        aria-describedby="top-k-note" onchange={on_top_k} />
                    <p id="top-k-note" class="note">{ said.top_k_note }</p>
                </div>
                <div class="field">
                    <label for="top-p">{ "Top-p" }</label>
                    <input id="top-p" type="number" inputmode="decimal" min="0.01" max="0.99" step="0.01" placeholder={said.off}
                        value={top_p} aria-describedby="top-p-note" onchange={on_top_p} />
                    <p id="top-p-note" class="note">{ said.top_p_note }</p>
                </div>
                <div class="field">
                    <label for="device">{ said.device }</label>
                    <Picker id="device" described_by="device-note" entries={devices} chosen={settings.device.id()}
                        on_pick={on_device} />
                    <p id="device-note" class="note">{ said.device_note }</p>
                </div>
                <label class="check" for="wide-range">
                    <input id="wide-range" type="checkbox" checked={wide} onchange={on_wide} />
                    { said.wide }
                </label>
            </div>
        </details>
    }
}
