//! The page.

fn main() {
    thermostat::app::start();
}
