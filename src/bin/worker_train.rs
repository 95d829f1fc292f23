//! The trainer, as a web worker.

fn main() {
    thermostat::worker::trainer_host::start();
}
