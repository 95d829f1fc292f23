//! The slider's temperature, for the parts of the page that show something of it: they are drawn anew when it changes, and what they
//! stand in is not.

use yew::prelude::*;

use super::unseen::use_once_still;

/// The temperature, in tenths, as it was when the slider was last drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenths(pub u8);

/// What gives the parts below it the temperature.
pub type TemperatureProvider = ContextProvider<Tenths>;

/// The temperature, in tenths.
#[hook]
pub fn use_tenths() -> u8 {
    use_context::<Tenths>().map_or(0, |Tenths(tenths)| tenths)
}

/// The same for a part that may be out of sight: then it follows when the visitor is still.
#[hook]
pub fn use_tenths_near(is_near: bool) -> u8 {
    let tenths = use_tenths();
    use_once_still(tenths, is_near)
}
