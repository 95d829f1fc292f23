//! Markdown and numbers as text.

/// A growing page.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    pub fn heading(&mut self, level: usize, text: &str) {
        self.0.push_str(&format!("{} {text}\n\n", "#".repeat(level)));
    }

    pub fn paragraph(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push_str("\n\n");
    }

    pub fn list(&mut self, entries: &[String]) {
        if entries.is_empty() {
            return;
        }
        for entry in entries {
            self.0.push_str(&format!("- {entry}\n"));
        }
        self.0.push('\n');
    }

    /// A table, or one sentence in its place where it has no rows.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return self.paragraph("Not measured yet.");
        }
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let headings: Vec<String> = headings.iter().map(|&text| text.to_owned()).collect();
        self.0.push_str(&line(&headings));
        self.0.push_str(&format!("|{}\n", "---|".repeat(headings.len())));
        rows.iter().for_each(|row| self.0.push_str(&line(row)));
        self.0.push('\n');
    }

    pub fn code(&mut self, language: &str, text: &str) {
        self.0.push_str(&format!("```{language}\n{}\n```\n\n", text.trim_end()));
    }

    pub fn finish(self) -> String {
        self.0.trim_end().to_owned() + "\n"
    }
}

/// A share from 0 to 1 in points out of a hundred.
pub(super) fn points(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// A share from 0 to 1 with three decimals.
pub(super) fn share(value: f64) -> String {
    format!("{value:.3}")
}

/// A number with its sign.
pub(super) fn signed(value: f64, decimals: usize) -> String {
    format!("{value:+.decimals$}").replace('-', "\u{2212}")
}

/// A number, or that there is none.
pub(super) fn or_missing(value: Option<String>) -> String {
    value.unwrap_or_else(|| "not measured".to_owned())
}

/// A large number with its thousands parted.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(thousands(1_369_728), "1,369,728");
        assert_eq!(thousands(12), "12");
        assert_eq!((signed(-0.5, 2), signed(3.0, 1)), ("\u{2212}0.50".to_owned(), "+3.0".to_owned()));
        assert_eq!(points(0.7525), "75.2");
    }

    #[test]
    fn a_cell_cannot_end_its_column() {
        let mut page = Page::default();
        page.table(&["a", "b"], &[vec!["x|y".to_owned(), "z".to_owned()]]);
        page.table(&["a"], &[]);
        assert_eq!(page.finish(), "| a | b |\n|---|---|\n| x\\|y | z |\n\nNot measured yet.\n");
    }
}
