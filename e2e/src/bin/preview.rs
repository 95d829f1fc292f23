//! Draws `www/icons/preview.png`, which is shown where somebody links to the page, from the recorded curves of the published models, and
//! `www/icons/touch.png`, the icon for a phone's home screen, from `icon.svg`. Run it after a new lineage:
//! `cargo run -p e2e --bin preview`. It needs Chromium and its driver.

use std::fs;

use anyhow::{Context, Result, ensure};
use e2e::browser::{Browser, Graphics};
use e2e::png::packed;
use thermostat::app::language::Language;
use thermostat::app::prompts::side;
use thermostat::experiment::axes::Axes;
use thermostat::experiment::plan::Kind;
use thermostat::experiment::recorded::RecordedExperiment;
use xtask::shell::root;

/// What networks that show previews ask for, in pixels.
const SIZE: (u32, u32) = (1200, 630);
/// What Apple's phones ask for, in pixels.
const TOUCH: u32 = 180;
/// First and last stage, with the shades that they have on the page.
const STAGES: [(&str, &str, &str, &str); 2] =
    [("sft", "#8e8d99", "5", "SFT"), ("rlhf-v5", "#0c5743", "7", "RLHF v5")];

fn main() -> Result<()> {
    let recorded = fs::read(root().join("www/models/recorded.json")).context("no recorded curves")?;
    let recorded = RecordedExperiment::read(&recorded)?;
    let icon = fs::read_to_string(root().join("www/icons/icon.svg")).context("no icon")?;
    let browser = Browser::start(Graphics::None)?;
    draw(&browser, &preview(&recorded, &icon)?, SIZE, "preview.png")?;
    draw(&browser, &icon, (TOUCH, TOUCH), "touch.png")
}

/// Draws an SVG as a picture of some size.
fn draw(browser: &Browser, svg: &str, (width, height): (u32, u32), name: &str) -> Result<()> {
    let path = std::env::temp_dir().join(format!("thermostat-preview-{}.html", std::process::id()));
    let style = "html, body { margin: 0; overflow: hidden; background: #17181d } svg { display: block; width: 100vw; height: 100vh }";
    fs::write(&path, format!("<!doctype html><meta charset=utf-8><style>{style}</style>{svg}"))?;
    browser.set_viewport(width, height)?;
    browser.open(&format!("file://{}", path.display()))?;
    let png = packed(&browser.screenshot()?)?;
    // What cannot be removed is only a temporary file.
    let _ = fs::remove_file(&path);
    let target = root().join("www/icons").join(name);
    println!("{}: {} bytes", target.display(), png.len());
    fs::write(&target, png).with_context(|| format!("cannot write {}", target.display()))
}

/// The picture as SVG.
fn preview(recorded: &RecordedExperiment, icon: &str) -> Result<String> {
    let words = Language::English.words();
    let (width, height) = SIZE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" fill=\"#1b1c22\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#faf9f6\"/>"
    );
    let inner = icon.replacen("<svg ", "<svg x=\"64\" y=\"50\" width=\"84\" height=\"84\" ", 1);
    svg.push_str(&inner);
    svg.push_str(
        "<text x=\"172\" y=\"118\" font-size=\"66\" font-weight=\"700\">Thermostat</text>\
         <text x=\"64\" y=\"200\" font-size=\"38\" fill=\"#565764\">Turn up the heat of a language model:</text>\
         <text x=\"64\" y=\"248\" font-size=\"38\" fill=\"#565764\">poems keep varying, facts settle.</text>",
    );
    for (kind, left) in Kind::ALL.into_iter().zip([64.0, 632.0]) {
        let axes = Axes { across: (left, left + 504.0), down: (330.0, 536.0), x: (0.1, 1.5), y: (0.0, 1.0) };
        svg.push_str(&format!(
            "<text x=\"{left}\" y=\"310\" font-size=\"26\" font-weight=\"600\">{}</text>",
            words.prompts_of(side(kind))
        ));
        for value in [0.0, 0.5, 1.0] {
            let y = axes.y(value);
            svg.push_str(&format!(
                "<line x1=\"{left}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#dddad2\" stroke-width=\"2\"/>",
                left + 504.0
            ));
        }
        for (temperature, anchor) in [(0.1, "start"), (1.5, "end")] {
            svg.push_str(&format!(
                "<text x=\"{}\" y=\"568\" font-size=\"22\" fill=\"#565764\" text-anchor=\"{anchor}\">T = {temperature}</text>",
                axes.x(temperature)
            ));
        }
        for (id, shade, thickness, _) in STAGES {
            let stage = recorded.stage(id).with_context(|| format!("{id} is not recorded"))?;
            let curve = stage.curve(kind);
            ensure!(curve.len() > 2, "{id} has no curve");
            svg.push_str(&format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{shade}\" stroke-width=\"{thickness}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
                axes.points(curve)
            ));
        }
    }
    for ((_, shade, thickness, label), x) in STAGES.into_iter().zip([64.0, 190.0]) {
        svg.push_str(&format!(
            "<line x1=\"{x}\" x2=\"{}\" y1=\"597\" y2=\"597\" stroke=\"{shade}\" stroke-width=\"{thickness}\" stroke-linecap=\"round\"/>\
             <text x=\"{}\" y=\"605\" font-size=\"22\">{label}</text>",
            x + 40.0,
            x + 52.0
        ));
    }
    svg.push_str(&format!(
        "<text x=\"1136\" y=\"605\" font-size=\"22\" fill=\"#565764\" text-anchor=\"end\">Self-BLEU of {} answers (1 is alike), recorded</text></svg>",
        recorded.protocol.answers_per_prompt
    ));
    Ok(svg)
}
