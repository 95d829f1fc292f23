//! Numbers, sizes and dates as a language writes them.

use super::Words;
use super::words::Numbers;
use crate::app::settings;

impl Words {
    /// A number with so many digits after its decimal mark.
    #[must_use]
    pub fn number(&self, value: f64, places: usize) -> String {
        self.marked(format!("{value:.places$}"))
    }

    /// As [`Words::number`], with its sign.
    #[must_use]
    pub fn signed(&self, value: f64, places: usize) -> String {
        self.marked(format!("{value:+.places$}"))
    }

    /// A count in which ties are halves: `7`, `7.5`.
    #[must_use]
    pub fn halves(&self, count: f64) -> String {
        self.marked(count.to_string())
    }

    /// Tenths: `0.7`.
    #[must_use]
    pub fn tenths(&self, tenths: u8) -> String {
        self.marked(settings::tenths(tenths))
    }

    /// A share as a whole number of hundredths, without the sign.
    #[must_use]
    pub fn hundredths(&self, share: f64) -> String {
        format!("{:.0}", share * 100.0)
    }

    /// A share in per cent, rounded: `92%`.
    #[must_use]
    pub fn share(&self, share: f64) -> String {
        format!("{}{}", self.hundredths(share), self.numbers.per_cent)
    }

    /// An interval of shares in per cent, rounded: `49 to 94%`.
    #[must_use]
    pub fn range(&self, (low, high): (f64, f64)) -> String {
        (self.numbers.range)(&self.hundredths(low), &self.share(high))
    }

    /// A chance as people read it, never certain or impossible unless it is: `62%`, `0.4%`, `<0.1%`.
    #[must_use]
    pub fn chance(&self, chance: f64) -> String {
        let number = match chance * 100.0 {
            c if c >= 99.95 && chance < 1.0 => format!(">{}", self.number(99.9, 1)),
            c if c >= 99.0 && chance < 1.0 => self.number(c, 1),
            c if c >= 9.95 => self.number(c, 0),
            c if c >= 0.1 => self.number(c, 1),
            c if c > 0.0 => format!("<{}", self.number(0.1, 1)),
            _ => "0".to_owned(),
        };
        format!("{number}{}", self.numbers.per_cent)
    }

    /// A number of bytes: `1.5 MB`.
    #[must_use]
    pub fn bytes(&self, count: u64) -> String {
        match count {
            0..1_000 => format!("{count} B"),
            1_000..1_000_000 => format!("{:.0} kB", count as f64 / 1e3),
            _ => format!("{} MB", self.number(count as f64 / 1e6, 1)),
        }
    }

    /// A count with its unit of size: `1.4 million`.
    #[must_use]
    pub fn count(&self, count: u64) -> String {
        let Numbers { thousands, millions, .. } = self.numbers;
        match count {
            0..10_000 => count.to_string(),
            10_000..1_000_000 => format!("{:.0} {thousands}", count as f64 / 1e3),
            _ => format!("{} {millions}", self.number(count as f64 / 1e6, 1)),
        }
    }

    /// A date of ISO 8601 in words; what is none stays as it is.
    #[must_use]
    pub fn date(&self, iso: &str) -> String {
        let mut parts = iso.splitn(3, '-').map(str::parse::<u32>);
        let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next())
        else {
            return iso.to_owned();
        };
        match self.numbers.months.get((month as usize).wrapping_sub(1)) {
            Some(month) => (self.numbers.date)(day, month, year),
            None => iso.to_owned(),
        }
    }

    /// With the language's decimal mark, and a minus that is as wide as the plus.
    fn marked(&self, number: String) -> String {
        let mark = |c| match c {
            '.' => self.numbers.decimal_mark,
            '-' => '\u{2212}',
            other => other,
        };
        number.chars().map(mark).collect()
    }
}
