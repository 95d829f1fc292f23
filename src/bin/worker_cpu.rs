//! The engine on the processor, as a web worker.

fn main() {
    thermostat::worker::host::start(thermostat::worker::host::Backend::Cpu);
}
