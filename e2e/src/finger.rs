//! A finger on glass: the browser makes touches of what a mouse does, at once.
//!
//! The driver's own touches are dated when they are asked for and sent when the page has drawn another frame, which a busy page does
//! late: what is measured with them is not what a finger feels. And the driver waits for the end of what a mouse does, which nobody
//! tells it of while touches are made of that. So this speaks with the browser itself, and waits for no answer.
//!
//! Protocol: <https://chromedevtools.github.io/devtools-protocol/tot/Input/>.

use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::driver::Driver;

/// One finger above one tab. While it lives nothing else can press anything in that tab.
pub struct Finger {
    socket: WebSocket<TcpStream>,
    sent: u32,
}

impl Finger {
    /// A finger above the tab that a driver looks at.
    ///
    /// # Errors
    /// When the browser takes nobody but its driver.
    pub fn above(driver: &Driver) -> Result<Self> {
        let address = driver.debugger_address();
        let url = format!("ws://{address}/devtools/page/{}", driver.tab()?);
        let stream = TcpStream::connect(address).with_context(|| format!("the browser at {address}"))?;
        let (socket, _) = tungstenite::client(url, stream).context("a second client of the browser")?;
        let mut finger = Self { socket, sent: 0 };
        let touches = json!({ "enabled": true, "configuration": "mobile" });
        finger.send("Emulation.setEmitTouchEventsForMouse", &touches)?;
        // Messages come in their order, and the browser says when it has done this one.
        finger.socket.read()?;
        Ok(finger)
    }

    /// Taps the middle of an element that a driver brings to the middle of the window, and stays on it for a while.
    ///
    /// # Errors
    /// When there is no such element, or the browser is gone.
    pub fn tap(&mut self, driver: &Driver, selector: &str, holds: Duration) -> Result<()> {
        let middle = driver.middle_of(selector)?;
        self.act("mousePressed", middle)?;
        thread::sleep(holds);
        self.act("mouseReleased", middle)
    }

    fn act(&mut self, act: &str, (x, y): (f64, f64)) -> Result<()> {
        let parameters = json!({ "type": act, "x": x, "y": y, "button": "left", "clickCount": 1 });
        self.send("Input.dispatchMouseEvent", &parameters)
    }

    fn send(&mut self, method: &str, parameters: &Value) -> Result<()> {
        self.sent += 1;
        let message = json!({ "id": self.sent, "method": method, "params": parameters });
        Ok(self.socket.send(Message::text(message.to_string()))?)
    }
}
