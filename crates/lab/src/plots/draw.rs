//! Layout and SVG of a chart. All lengths are in user units, about pixels.

use std::fmt::Write;

use super::style::{colour, marker};
use super::{Chart, Mark, Panel, Point};

/// Panels in one row.
const COLUMNS: usize = 2;
/// The inside of a panel.
const PLOT: (f64, f64) = (320.0, 220.0);
/// Room around it: left for ticks and label, right, above for its title, below for ticks and label.
const LEFT: f64 = 66.0;
const RIGHT: f64 = 18.0;
const ABOVE: f64 = 30.0;
const BELOW: f64 = 46.0;
/// Room for the chart's title, and for one row of the legend.
const TITLE: f64 = 34.0;
const LEGEND_ROW: f64 = 22.0;
/// Width of an average letter at the size of the legend; a guess, on the wide side.
const LETTER: f64 = 6.8;
/// Grey of axes and grid.
const AXIS: &str = "#595959";
const GRID: &str = "#e3e3e3";

pub(super) fn svg(chart: &Chart) -> String {
    let columns = chart.panels.len().clamp(1, COLUMNS);
    let rows = chart.panels.len().div_ceil(COLUMNS);
    let (panel_width, panel_height) = (LEFT + PLOT.0 + RIGHT, ABOVE + PLOT.1 + BELOW);
    let width = panel_width * columns as f64;
    let legend = legend(&chart.series, width);
    let panels_end = TITLE + panel_height * rows as f64;
    let height = panels_end + legend.rows as f64 * LEGEND_ROW + 10.0;
    let name = &chart.name;

    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-labelledby="{name}-title {name}-description" font-family="system-ui, sans-serif" font-size="12" fill="{AXIS}">"#
    ));
    line(&format!(r#"<title id="{name}-title">{}</title>"#, escaped(&chart.title)));
    line(&format!(r#"<desc id="{name}-description">{}</desc>"#, escaped(&chart.description)));
    line(&format!(r##"<rect width="{width:.0}" height="{height:.0}" fill="#ffffff"/>"##));
    line(&format!(
        r##"<text x="{LEFT}" y="22" font-size="15" font-weight="600" fill="#1a1a1a">{}</text>"##,
        escaped(&chart.title)
    ));
    for (number, panel) in chart.panels.iter().enumerate() {
        let left = panel_width * (number % COLUMNS) as f64 + LEFT;
        let top = TITLE + panel_height * (number / COLUMNS) as f64 + ABOVE;
        line(&panel_svg(&format!("{name}-panel-{number}"), panel, left, top));
    }
    for (series, x, row) in legend.entries {
        let y = panels_end + row as f64 * LEGEND_ROW + 10.0;
        line(&format!(
            r#"<path d="M{:.1},{y:.1}h24" stroke="{}" stroke-width="1.8"/>{}<text x="{:.1}" y="{:.1}">{}</text>"#,
            x,
            colour(series),
            marker(series, x + 12.0, y),
            x + 30.0,
            y + 4.0,
            escaped(&chart.series[series])
        ));
    }
    line("</svg>");
    out
}

/// Where the entries of the legend go: series, x, row.
struct Legend {
    entries: Vec<(usize, f64, usize)>,
    rows: usize,
}

fn legend(series: &[String], width: f64) -> Legend {
    let (mut x, mut row) = (LEFT, 0);
    let mut entries = Vec::new();
    for (number, name) in series.iter().enumerate() {
        let length = 46.0 + name.chars().count() as f64 * LETTER;
        if x + length > width && x > LEFT {
            (x, row) = (LEFT, row + 1);
        }
        entries.push((number, x, row));
        x += length;
    }
    let rows = if entries.is_empty() { 0 } else { row + 1 };
    Legend { entries, rows }
}

fn panel_svg(id: &str, panel: &Panel, left: f64, top: f64) -> String {
    let (bottom, right) = (top + PLOT.1, left + PLOT.0);
    let x = |value: f64| left + PLOT.0 * panel.x.share(value);
    let y = |value: f64| bottom - PLOT.1 * panel.y.share(value);
    let mut out = format!(r#"<g aria-label="{}">"#, escaped(&panel.title));
    let mut add = |text: String| out.push_str(&text);
    add(format!(
        r##"<text x="{left:.1}" y="{:.1}" font-size="13" fill="#1a1a1a">{}</text>"##,
        top - 9.0,
        escaped(&panel.title)
    ));
    for (value, text) in panel.y.ticks() {
        let y = y(value);
        add(format!(r#"<path d="M{left:.1},{y:.1}h{:.1}" stroke="{GRID}"/>"#, PLOT.0));
        add(format!(r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{text}</text>"#, left - 7.0, y + 4.0));
    }
    for (value, text) in panel.x.ticks() {
        let x = x(value);
        add(format!(r#"<path d="M{x:.1},{bottom:.1}v5" stroke="{AXIS}"/>"#));
        add(format!(r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#, bottom + 18.0));
    }
    add(format!(r#"<path d="M{left:.1},{top:.1}V{bottom:.1}H{right:.1}" fill="none" stroke="{AXIS}"/>"#));
    add(format!(
        r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
        (left + right) / 2.0,
        bottom + 36.0,
        escaped(&panel.x.label)
    ));
    let (label_x, label_y) = (left - 50.0, (top + bottom) / 2.0);
    add(format!(
        r#"<text transform="translate({label_x:.1},{label_y:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
        escaped(&panel.y.label)
    ));
    // Marks that reach over the axes are cut there.
    add(format!(
        r#"<clipPath id="{id}"><rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/></clipPath><g clip-path="url(#{id})">"#,
        left - 5.0,
        top - 5.0,
        PLOT.0 + 10.0,
        PLOT.1 + 10.0
    ));
    for mark in &panel.marks {
        add(mark_svg(mark, &x, &y));
    }
    add("</g></g>".to_owned());
    out
}

fn mark_svg(mark: &Mark, x: &dyn Fn(f64) -> f64, y: &dyn Fn(f64) -> f64) -> String {
    match mark {
        Mark::Line { series, points } => {
            let colour = colour(*series);
            let up = points.iter().map(|p| (x(p.x), y(p.y + p.deviation)));
            let down = points.iter().rev().map(|p| (x(p.x), y(p.y - p.deviation)));
            let mut out = String::new();
            if points.iter().any(|p| p.deviation > 0.0) {
                let band = path(up.chain(down));
                out.push_str(&format!(r#"<path d="{band}Z" fill="{colour}" fill-opacity="0.1"/>"#));
            }
            let line = path(points.iter().map(|p| (x(p.x), y(p.y))));
            out.push_str(&format!(r#"<path d="{line}" fill="none" stroke="{colour}" stroke-width="1.8"/>"#));
            out.extend(marked(points).map(|p| marker(*series, x(p.x), y(p.y))));
            out
        }
        Mark::Steps { series, edges, heights } => {
            let colour = colour(*series);
            let sides = edges.iter().zip(edges.iter().skip(1)).zip(heights);
            let tops = sides.flat_map(|((&low, &high), &height)| [(low, height), (high, height)]);
            let ends = |edge: Option<&f64>| edge.map(|&edge| (edge, 0.0));
            let outline = ends(edges.first()).into_iter().chain(tops).chain(ends(edges.last()));
            let outline = path(outline.map(|(across, up)| (x(across), y(up))));
            let mut out = format!(
                r#"<path d="{outline}" fill="{colour}" fill-opacity="0.07" stroke="{colour}" stroke-width="1.6"/>"#
            );
            let highest = heights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((bin, &height)) = highest
                && let Some(edges) = edges.get(bin..bin + 2)
            {
                out.push_str(&marker(*series, x((edges[0] + edges[1]) / 2.0), y(height)));
            }
            out
        }
        Mark::Guide { from, to } => {
            let line = path([*from, *to].into_iter().map(|(across, up)| (x(across), y(up))));
            format!(r#"<path d="{line}" stroke="{AXIS}" stroke-dasharray="4 4"/>"#)
        }
    }
}

/// The points that get a marker: all, or about twenty where there are many.
fn marked(points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().step_by(points.len().div_ceil(20).max(1))
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut out = String::new();
    for (x, y) in points {
        // Writing to a string never fails.
        let _ = write!(out, "{}{x:.1},{y:.1}", if out.is_empty() { "M" } else { "L" });
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::Axis;

    #[test]
    fn text_never_becomes_markup() {
        let chart = Chart {
            name: "a".to_owned(),
            title: "<script>".to_owned(),
            description: "1 < 2 & \"3\"".to_owned(),
            panels: Vec::new(),
            series: vec!["<b>".to_owned()],
        };
        let svg = chart.svg();
        assert!(!svg.contains("<script>") && !svg.contains("<b>"));
        assert!(svg.contains("1 &lt; 2 &amp; &quot;3&quot;"));
    }

    #[test]
    fn a_long_legend_goes_on_in_the_next_row() {
        let names: Vec<String> = (0..6).map(|i| format!("a rather long name number {i}")).collect();
        let legend = legend(&names, 400.0);
        assert!(legend.rows > 2);
        assert_eq!(legend.entries.len(), 6);
        assert_eq!(super::legend(&[], 400.0).rows, 0);
    }

    #[test]
    fn many_points_get_few_markers() {
        let points: Vec<Point> = (0..100).map(|i| Point::new(f64::from(i), 0.0)).collect();
        let panel = Panel {
            title: String::new(),
            x: Axis::new("", 0.0, 100.0),
            y: Axis::new("", -1.0, 1.0),
            marks: vec![Mark::Line { series: 0, points }],
        };
        assert_eq!(panel_svg("a", &panel, 0.0, 0.0).matches("<circle").count(), 20);
    }
}
