//! The engine on the graphics card, as a web worker.

fn main() {
    thermostat::worker::host::start(thermostat::worker::host::Backend::Gpu);
}
