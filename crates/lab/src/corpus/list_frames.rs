//! What list poems are made of: a line that is said of one thing after another, and last lines that do not go along.
//!
//! Slots of items: `{the}`, `{a}` and `{n}` the thing with the, with a or bare, `{a long}` with an adjective of two
//! syllables, `{long}` and `{short}` adjectives, `{are}` and `{come}` as they agree with the thing, `{count}` and `{n s}` a
//! number and as many things. Slots of last lines:
//! `{last}` the last thing. Of both: `{own}` and `{an own}` the topic's noun, and what
//! [`super::poet::Poet::agreeing`] fills for it.

/// Which things are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Things {
    /// The topic's company; the last line names the topic.
    Company,
    /// The topic's noun among its company.
    WithOwn,
}

/// Which topics a frame suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suits {
    All,
    /// People and animals.
    Living,
    Lifeless,
}

/// A kind of list.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) item: &'static str,
    pub(super) things: Things,
    pub(super) suits: Suits,
    /// Last lines, parted by semicolons.
    pub(super) closes: &'static str,
}

const fn frame(item: &'static str, things: Things, suits: Suits, closes: &'static str) -> Frame {
    Frame { item, things, suits, closes }
}

use Suits::{All, Lifeless, Living};
use Things::{Company, WithOwn};

/// What is given away, one to each.
const GIFTS: &str = "and two, if you like, for you;and one I will keep for you;and none left over for me;please form a line, the rest of you";

/// All kinds.
pub(super) const FRAMES: [Frame; 25] = [
    frame(
        "thank you, {long} {n}",
        WithOwn,
        All,
        "there, I have said it at last;somebody had to say it;I should have said so sooner;none of you had to do this",
    ),
    frame(
        "hello, {long} {n}",
        WithOwn,
        All,
        "nobody answers, but still;I do this every morning;it is good to be back;has anybody seen my hat?;now we have all been introduced",
    ),
    frame(
        "here {are} {the}, so {short}",
        WithOwn,
        All,
        "and here am I, in odd socks;and here am I, just in time;what a good place for a chair;and none of it is for sale",
    ),
    frame(
        "{count} {long} {n s}",
        Company,
        All,
        "and {own}, who keep{s} losing count;but {own} will not be counted;and {own}, who cannot count at all",
    ),
    frame(
        "I could be {the}",
        WithOwn,
        All,
        "but somebody must be me;today I will just be me;but who would then be late for school?;and still be home for supper;it is a lot to decide",
    ),
    frame(
        "{own} {has} room for {a}",
        Company,
        Lifeless,
        "and there is room for me, too;{it} {has} no room for Mondays;and no one pays any rent;so bring a friend, and knock first",
    ),
    frame(
        "{own} keep{s} {a}",
        Company,
        Lifeless,
        "{it} never keep{s} me waiting;and {it} kept one shoe of mine;but {it} cannot keep a secret;and I keep coming back",
    ),
    frame(
        "{an own} like{s} {the}",
        Company,
        Living,
        "nobody has asked {last} yet;{it} {does} not like Mondays;on Sundays, {it} even like{s} me;perhaps we should ask {last} first",
    ),
    frame(
        "{an own} dream{s} of {the}",
        Company,
        Living,
        "and once, just once, of me;no wonder {it} sleep{s} so late;then {it} wake{s} up, and I laugh",
    ),
    frame(
        "{an own} know{s} {the}",
        Company,
        Living,
        "nobody knows {an own};{it} still {does} not know my name;and {it} know{s} when to say nothing",
    ),
    frame("ask {the}", Company, All, "{own} will never tell;but never ask {own};I have asked {own}. No luck"),
    frame(
        "not {the}",
        Company,
        All,
        "it was {own} all along;I came here for {own};only {own} will do;it is {own} I would miss",
    ),
    frame(
        "somewhere {a long}",
        WithOwn,
        All,
        "nowhere I would rather be;and here, of all places, me;and I know just where to look;how did I get so lucky?",
    ),
    frame(
        "in {come} {the}",
        WithOwn,
        All,
        "now there is nowhere to sit;and I have only one chair;who invited all of you?;and out I go for more cake",
    ),
    frame(
        "do not wake {the}",
        WithOwn,
        All,
        "and do not wake me, either;I have only just lain down;let us all be late for once",
    ),
    frame(
        "nobody told {the}",
        Company,
        All,
        "but {own} guessed it at once;and now {own} know{s}, of course;then who could have told {own}?",
    ),
    frame("a kiss for {the}", WithOwn, All, GIFTS),
    frame("a song for {the}", WithOwn, All, GIFTS),
    frame("a crumb for {the}", WithOwn, Living, GIFTS),
    frame(
        "no {long} {n}",
        Company,
        All,
        "nobody came but {own};only {own}, all to myself;just {own}, and that is plenty",
    ),
    frame(
        "I told {the}",
        Company,
        All,
        "please do not tell {own};somehow {own} knew it first;now even {own} know{s}",
    ),
    frame(
        "I dreamed of {a long}",
        Company,
        All,
        "then I woke up to {own};and then in came {own};but I woke up for {own}",
    ),
    frame(
        "bring {the}",
        Company,
        All,
        "I will bring {own} myself;{own} {is} coming anyway;we will need room for {own}",
    ),
    frame(
        "long live {the}",
        WithOwn,
        All,
        "and long may I sit and watch;nobody else got my vote;that is the end of my speech",
    ),
    frame(
        "sorry, {long} {n}",
        Company,
        All,
        "I have eyes for {own} alone;I am only here for {own};{own} saw me first;my heart is with {own}",
    ),
];
