//! A small blocking WebDriver client: the commands that the journeys use, and no more.
//!
//! Protocol: <https://www.w3.org/TR/webdriver2/>; the log command is chromedriver's own.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

/// Key of an element reference in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One session with a driver.
pub struct Driver {
    agent: ureq::Agent,
    session_url: String,
    debugger_address: String,
}

/// A line of the browser's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// `SEVERE`, `WARNING`, `INFO` ...
    pub level: String,
    /// What it says, with its source.
    pub message: String,
}

impl Driver {
    /// Opens a session at a driver's address; a script may take as long as `patience`.
    ///
    /// # Errors
    /// When the driver does not answer, or cannot start the browser.
    pub fn new(driver_url: &str, capabilities: Value, patience: Duration) -> Result<Self> {
        let configuration = ureq::Agent::config_builder()
            .timeout_global(Some(patience + Duration::from_secs(60)))
            .http_status_as_error(false)
            .build();
        let agent = ureq::Agent::new_with_config(configuration);
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let value = send(&agent, &format!("{driver_url}/session"), &body)?;
        let id = value["sessionId"].as_str().context("the driver gave no session")?;
        let debugger = &value["capabilities"]["goog:chromeOptions"]["debuggerAddress"];
        let debugger_address =
            debugger.as_str().context("the driver gave no address of the browser")?.to_owned();
        let driver = Self { session_url: format!("{driver_url}/session/{id}"), agent, debugger_address };
        let script_ms = u64::try_from(patience.as_millis())?;
        driver.post("timeouts", &json!({ "script": script_ms, "pageLoad": 180_000 }))?;
        Ok(driver)
    }

    fn post(&self, command: &str, body: &Value) -> Result<Value> {
        send(&self.agent, &format!("{}/{command}", self.session_url), body)
            .with_context(|| format!("WebDriver command {command}"))
    }

    fn get(&self, command: &str) -> Result<Value> {
        let mut response = self.agent.get(format!("{}/{command}", self.session_url)).call()?;
        value_of(response.status().is_success(), response.body_mut().read_json()?)
    }

    /// Goes to an address and waits for its load event.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn open(&self, url: &str) -> Result<()> {
        self.post("url", &json!({ "url": url })).map(drop)
    }

    /// Reloads the page.
    ///
    /// # Errors
    /// As [`Driver::open`].
    pub fn reload(&self) -> Result<()> {
        self.post("refresh", &json!({})).map(drop)
    }

    /// The address now.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn address(&self) -> Result<String> {
        Ok(self.get("url")?.as_str().unwrap_or_default().to_owned())
    }

    /// The tab that is driven.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn tab(&self) -> Result<String> {
        self.get("window")?.as_str().map(str::to_owned).context("the driver named no tab")
    }

    /// Opens another tab, and drives that from now on. It has the same profile.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn new_tab(&self) -> Result<String> {
        let made = self.post("window/new", &json!({ "type": "tab" }))?;
        let tab = made["handle"].as_str().context("the driver named no new tab")?;
        self.switch_to(tab)?;
        Ok(tab.to_owned())
    }

    /// Drives another tab from now on.
    ///
    /// # Errors
    /// When it is closed.
    pub fn switch_to(&self, tab: &str) -> Result<()> {
        self.post("window", &json!({ "handle": tab })).map(drop)
    }

    /// Closes the tab that is driven; another must be switched to then.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn close_tab(&self) -> Result<()> {
        self.agent.delete(format!("{}/window", self.session_url)).call()?;
        Ok(())
    }

    /// Runs the body of a JavaScript function; `arguments` are its arguments.
    ///
    /// # Errors
    /// When the script throws.
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs the body of a JavaScript function and waits for its last argument to be called with the result.
    ///
    /// # Errors
    /// When the script throws, or takes longer than the driver's patience.
    pub fn execute_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// Clicks on the middle of an element, as a person does: it must be visible and not covered, and is clicked when it has stood
    /// still for some frames. Chapters take their full height only when they come near, and the page moves then.
    ///
    /// # Errors
    /// When there is none, or it cannot be clicked.
    pub fn click(&self, selector: &str) -> Result<()> {
        let id = self.find_still(selector)?;
        self.post(&format!("element/{id}/click"), &json!({})).map(drop)
    }

    /// Clicks an element as a hand does: the pointer comes and rests on it, then the button goes down, and up a while later.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub fn click_by_hand(&self, selector: &str, rests: Duration, holds: Duration) -> Result<()> {
        let id = self.find_still(selector)?;
        let pause = |time: Duration| json!({ "type": "pause", "duration": time.as_millis() as u64 });
        let hand = json!({
            "type": "pointer",
            "id": "hand",
            "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "duration": 0, "origin": { ELEMENT: id }, "x": 0, "y": 0 },
                pause(rests),
                { "type": "pointerDown", "button": 0 },
                pause(holds),
                { "type": "pointerUp", "button": 0 },
            ],
        });
        self.post("actions", &json!({ "actions": [hand] })).map(drop)
    }

    /// Where the browser itself listens, beside its driver.
    #[must_use]
    pub fn debugger_address(&self) -> &str {
        &self.debugger_address
    }

    /// Brings the first element that matches to the middle of the window, and says where its own middle is there, in CSS pixels.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub fn middle_of(&self, selector: &str) -> Result<(f64, f64)> {
        const MIDDLE: &str = "
const box = arguments[0].getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height / 2];
";
        let id = self.find_still(selector)?;
        let middle = self.execute(MIDDLE, &[json!({ ELEMENT: id })])?;
        middle[0].as_f64().zip(middle[1].as_f64()).context("an element without a middle")
    }

    /// Brings an element to the middle of the window and waits until it stands still.
    fn find_still(&self, selector: &str) -> Result<String> {
        const STAND_STILL: &str = "
const [selector, done] = arguments;
const element = document.querySelector(selector);
if (element) {
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  let before = NaN, still = 0, left = 120;
  const look = () => {
    const { top } = element.getBoundingClientRect();
    still = top === before ? still + 1 : 0;
    before = top;
    if (still > 4 || --left < 0) done(); else requestAnimationFrame(look);
  };
  look();
} else done();
";
        self.execute_async(STAND_STILL, &[json!(selector)])?;
        self.find(selector)
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When there is none, or it takes no keys.
    pub fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let id = self.find(selector)?;
        self.post(&format!("element/{id}/value"), &json!({ "text": text })).map(drop)
    }

    /// Presses and releases keys, one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn press(&self, keys: &str) -> Result<()> {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key.to_string() }),
                    json!({ "type": "keyUp", "value": key.to_string() }),
                ]
            })
            .collect();
        self.post("actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }))
            .map(drop)
    }

    fn find(&self, selector: &str) -> Result<String> {
        let value = self.post("element", &json!({ "using": "css selector", "value": selector }))?;
        value[ELEMENT].as_str().map(str::to_owned).with_context(|| format!("no element {selector}"))
    }

    /// Sets the size of the part of the window that shows the page, in CSS pixels.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn set_viewport(&self, width: u32, height: u32) -> Result<()> {
        let parameters = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chrome("Emulation.setDeviceMetricsOverride", parameters).map(drop)
    }

    /// Makes the page believe that the visitor prefers `light` or `dark`, and no motion: colours are there at once, so
    /// that nothing measures them half-way.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn prefer(&self, color_scheme: &str) -> Result<()> {
        let features = [("prefers-color-scheme", color_scheme), ("prefers-reduced-motion", "reduce")]
            .map(|(name, value)| json!({ "name": name, "value": value }));
        self.chrome("Emulation.setEmulatedMedia", json!({ "features": features })).map(drop)
    }

    /// Makes pages that are opened from now on believe that the processor has so many cores.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn set_cores(&self, cores: u32) -> Result<()> {
        let parameters = json!({ "hardwareConcurrency": cores });
        self.chrome("Emulation.setHardwareConcurrencyOverride", parameters).map(drop)
    }

    /// Makes the page's own thread so many times slower; workers keep their speed.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn slow_down(&self, times: f64) -> Result<()> {
        self.chrome("Emulation.setCPUThrottlingRate", json!({ "rate": times })).map(drop)
    }

    /// Takes the network away from the tab, or gives it back; the page hears of both.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn set_offline(&self, offline: bool) -> Result<()> {
        let parameters =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.chrome("Network.enable", json!({}))?;
        self.chrome("Network.emulateNetworkConditions", parameters).map(drop)
    }

    /// Runs a script in every document that is opened from now on, before any of its own.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn run_first(&self, script: &str) -> Result<()> {
        self.chrome("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).map(drop)
    }

    /// Bytes of the page's JavaScript heap that are in use, after what can be freed was freed. Workers have heaps of their
    /// own, which do not count; nor does the memory of WebAssembly.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn heap_bytes(&self) -> Result<f64> {
        self.chrome("HeapProfiler.collectGarbage", json!({}))?;
        let usage = self.chrome("Runtime.getHeapUsage", json!({}))?;
        usage["usedSize"].as_f64().context("the browser did not say how large its heap is")
    }

    /// A command of Chromium's developer protocol, and what it gives.
    fn chrome(&self, command: &str, parameters: Value) -> Result<Value> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Ends the process of the tab that is driven, as a crash or a system short of memory does; another must be switched to then.
    pub fn crash_tab(&self) {
        // The driver may hear of the end before it hears of the command.
        let _ = self.chrome("Page.crash", json!({}));
    }

    /// A picture of what the window shows, as PNG.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        decode_base64(self.get("screenshot")?.as_str().unwrap_or_default())
    }

    /// What the browser has logged since the last call.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn log(&self) -> Result<Vec<LogLine>> {
        let value = self.post("se/log", &json!({ "type": "browser" }))?;
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let lines = value.as_array().context("the log is not a list")?;
        Ok(lines
            .iter()
            .map(|line| LogLine { level: text(line, "level"), message: text(line, "message") })
            .collect())
    }

    /// Ends the session and closes the browser.
    ///
    /// # Errors
    /// When the driver is gone.
    pub fn quit(&self) -> Result<()> {
        self.agent.delete(&self.session_url).call()?;
        Ok(())
    }
}

fn send(agent: &ureq::Agent, url: &str, body: &Value) -> Result<Value> {
    let mut response = agent.post(url).send_json(body)?;
    value_of(response.status().is_success(), response.body_mut().with_config().limit(64 << 20).read_json()?)
}

fn value_of(success: bool, mut body: Value) -> Result<Value> {
    let value = body.get_mut("value").map(Value::take).context("the driver's answer has no value")?;
    if success {
        return Ok(value);
    }
    let message = value["message"].as_str().unwrap_or_default();
    bail!("{}: {}", value["error"].as_str().unwrap_or("error"), message.lines().next().unwrap_or_default())
}

fn decode_base64(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => return Err(anyhow!("byte {other} is not base64")),
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::decode_base64;

    #[test]
    fn base64_is_decoded_at_every_length() {
        assert_eq!(decode_base64("").unwrap(), b"");
        assert_eq!(decode_base64("YQ==").unwrap(), b"a");
        assert_eq!(decode_base64("YWI=").unwrap(), b"ab");
        assert_eq!(decode_base64("YWJj").unwrap(), b"abc");
        assert_eq!(decode_base64("/+8=").unwrap(), [0xff, 0xef]);
        assert!(decode_base64("*").is_err());
    }
}
