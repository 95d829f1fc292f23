//! What haiku end on, and where they are set: lines and phrases written whole, each of a known number of syllables.
//!
//! Rows: tags | texts. A tag is a world of the topic (a anywhere, s sea, o open country, k sky, h home, c city, w cold)
//! or a class of the subject (`living` for people and animals). Slots: `{n}` a noun of the topic, of one syllable; the
//! others as [`super::poet::Poet::agreeing`] fills them.

/// Last lines, of five syllables: an image or a turn.
pub(super) const LANDINGS: &str = "\
a|I forget my name;nobody says why;the whole world leans in;suddenly, I'm five;time takes off its shoes;I put down my phone;the quiet says yes;I hold my breath, too;what else did I want?;oh. So this is it;somebody laughs once;my heart wags its tail;now it is my turn;I wave, just in case;I will not tell you;that is all the news;somewhere, a door shuts;even Monday smiles;I stay for the end;my shadow waves first;who needs a weekend?;I am late, and glad;my tea has gone cold;I miss my bus stop;no one keeps the score;the day tips its hat;I whisper, bravo;everything is here;nothing is missing;I run out of words;my shoes point that way;you should have been here;I think of you first;I save you a seat;come and see, quickly;I have no complaints;all my lists can wait;so that is the joke;I would pay for this;no photo gets it;I tie my shoes twice;the page stays empty;who let summer out?;I forgot my keys;the moment sits down;so much for my plans;I count it as mine;my worries step out;I turn off the news;my pockets feel full;this will do, I think;what a small, good day;I write it down: yes;let the dishes wait;we both look away;and me without socks;and nobody claps;I practice my wave
a|the {n} was here first;the {n} winks at me;who taught the {n} that?;only the {n} knows;even the {n} stops;the {n} does not mind;I bow to the {n};and the {n} looks up;the {n} acts surprised;the {n} has its doubts;the {n} takes a bow;the {n} forgives us;the {n} plays along;the {n} wants one, too;the {n} sees it, too;I ask the {n} why;the {n} clears its throat;the {n} rolls its eyes;somewhere, the {n} laughs;the {n} hides a smile;the {n} counts to ten;the {n} holds the door
s|my shoes fill with sand;the shore lets it go;I can taste the salt;the deep hums along;a crab takes my sock;the horizon yawns
o|the grass takes its time;mud on both my knees;the hill shrugs it off;the pines shush us all;one crow disagrees;the path forks. I grin
k|all that dark, and this;I make the same wish;the night has good seats;my neck starts to ache;space is mostly room
h|the stair gives a creak;the kettle agrees;crumbs on my sweater;my socks do not match;the toast pops up, too;the cat takes my chair;the fridge hums along;pajamas all day
c|the bus is still late;ten strangers look up;a red light turns green;the whole street slows down;a taxi waits, too
w|my breath makes a ghost;one glove in the snow;my nose turns bright red;somewhere, soup is on;my mittens applaud
living|{it} {has} other plans;{it} stop{s}. So do I;{it} look{s} back just once;{it} know{s} my first name;{it} {does} not need us;{it} yawn{s}, and I yawn;{it} forget{s} I'm here;{it} ask{s} for nothing;{it} blink{s}. I blink back;{it} owe{s} no one rent;{it} will not be rushed;{it} pretend{s} to think;{it} will write it down
food|is there any more?;the spoon wants some, too;nobody needs forks;the plate is licked clean;seconds for us all
sound,dance|my left foot joins in;the floor taps its feet;my feet know the rest;even the chairs sway;the broom wants to dance;I hum the wrong part;the neighbors bang back
plant,leaf|it took all winter;a bee has questions;I water my shoes;the worms start to hum;no one had to ask
light|my shadow grows up;{it} find{s} the keyhole;I squint and say thanks;the dark packs its bags
season|I pack the wrong coat;my calendar sighs;the clocks lose their place
feel|I keep the receipt;{it} fit{s} in one hand;my ribs make some room;I knock on my chest;I leave the light on
fall,cloud|the gutter applauds;my umbrella sulks;the puddles clap back;my hat has a leak
wind|there goes my good hat;the laundry takes flight;my scarf wants to leave
kite|my arm wants to go;the string hums: let go
person|{it} hum{s} as {it} go{es};{it} save{s} me a seat;{it} wink{s}, and I laugh
water|I wade in my socks;my worries float off;my stone skips just once;{it} keep{s} what I said
land|I take the long way;I know every stone
road,train,craft|my shoes want to come;I wave to strangers;where is not the point
glass,still,thing,fire|the dust starts to dance;{it} know{s} what I did;{it} will outlive us;{it} wait{s}. I wait, too
";

/// What the subject does, in seven syllables, so that it follows its name. Living subjects are never many.
pub(super) const DOINGS: &str = "\
a|{has} nowhere {it} need{s} to be;say{s} nothing, and I agree;stay{s} exactly where I look;ask{s} me nothing, and I talk;make{s} the whole evening stand still;turn{s} the morning inside out;{has} never once asked for more;{is} all the news I wanted
living|walks past me as if {it} knew;has come to look at the rain;forgets what {it} came here for;sits down to think it over;tries on a puddle for size;listens to the grass grow long;is late, and takes the long way;counts one star, and then one more;keeps very still, for a joke;asks the dark for one more song;looks twice at {p} own shadow;has somewhere better to be;yawns at the end of the world;borrows the quiet a while;pretends not to know my name
beast|leaves small prints all down the lane;noses the first fallen leaf;curls up where the sun was last
bird|sings the same four notes, then rests;folds up the wind and sits down;lands on the word I forgot
fish|swims straight through the sunken moon;turns over a coin of light
person|puts the kettle on, and hums;laughs at the joke, then gets it;saves the last slice, just in case;waves to somebody not there
plant|open{s} like a tiny door;hold{s} up one drop of the rain;bow{s} to everyone alike;take{s} no notice of the clock
leaf|let{s} go without any fuss;cover{s} up my muddy tracks
light|fill{s} the bucket to the brim;climb{s} in through the kitchen blinds;lie{s} down on the old blue road;lend{s} the puddle one gold coin
water|take{s} the long way round the stones;hum{s} a tune {it} cannot keep;fold{s} the moon up in a wave;hold{s} up half of the whole sky
fall|tap{s} out a tune on the pans;run{s} down the glass in a race;ring{s} in the bucket all night
wind|turn{s} the pages for no one;read{s} the washing on the line;come{s} in and forget{s} the door
cloud|borrow{s} the shape of a sheep;move{s} {p} shade across the field
season|come{s} up the stairs without shoes;leave{s} {p} coat across the hills;arrive{s} before I am dressed
feel|knock{s}, although the door is wide;sit{s} beside me on the bus;arrive{s} late, with muddy boots
food|wait{s} for us to stop talking;make{s} the whole room lean closer;bring{s} everyone to the stairs
sound,dance|follow{s} me up the whole street;get{s} into all of my shoes
sound|come{s} in by the open door
land|keep{s} one light on for the late;hold{s} {p} breath between two birds;{has} room for one more shadow
road|stop{s} to look back at the hill;go{es} on when the houses end
train|hum{s} past all the sleeping yards
craft|slip{s} out between two small stars
train,craft|pull{s} the whole evening behind
glass|look{s} for somebody all night;keep{s} the whole moon in one pane
still|remember{s} everyone's hands;keep{s} the warmth of yesterday
thing|wake{s} the whole house with one word
fire|tell{s} the chairs an old story;nibble{s} at the edge of dark
kite|pull{s} a small boy up the hill
";

/// What the company does, in five syllables after its name.
pub(super) const ASIDES: &str = "\
a|{has} nothing to add;{does} not say a word;wait{s} for the good part;lean{s} in to listen;hold{s} perfectly still;remember{s} the tune;{has} heard this before;let{s} the evening in;pay{s} no attention;take{s} the other side
living|look{s} the other way;want{s} to be asked, too;{is} late for {p} bath;tell{s} nobody why;forget{s} to be cross;{has} eaten the list;{has} somewhere to be
light|fall{s} over my knees;draw{s} on the old wall;{is} kind to my shoes
wind,cloud|go{es} through my pockets;{has} changed {p} mind twice
food|{is} almost ready;smell{s} of yesterday
plant,leaf|nod{s} in {p} sleep, twice;bow{s} to the weather
sound|start{s} over again;{is} stuck in my head
season|{is} in no hurry;look{s} for {p} mittens
";

/// Settings of two syllables, after a subject. Tagged `time` is what a noun that is itself a time or a light does not take.
pub(super) const SETTINGS_OF_TWO: &str = "\
a|once more;at last
time|at dawn;at noon;at night;at dusk;today;tonight;in June
beast,bird,person,plant,thing,still|alone;up close
light|up close;through fog
season,feel|again;so soon
land,water|in mist;in rain;in sun
s|at sea;ashore
h|at home;indoors
c|in town;downtown
w|in snow
";

/// Settings of three syllables.
pub(super) const SETTINGS_OF_THREE: &str = "\
a|once again
beast,bird,person,train,season|right on time;all alone
light|on the wall;through the blinds;in the yard
season,feel|all at once;bit by bit
land,water|in the mist;after rain;in the sun
time|late at night;after dark;after lunch;before dawn
s|by the sea;on the sand;by the shore;at low tide
o|in the grass;on the hill;in the field;after rain;by the gate
h|by the stove;on the stair;in the hall;by the door
c|in the street;on the roof;by the curb
w|in the snow;on the ice;in the frost
";

/// Classes of nouns that are somewhere, so that they may be set in a place.
pub(super) const PLACED: [&str; 16] = [
    "beast", "bird", "fish", "person", "plant", "leaf", "still", "thing", "glass", "fire", "food", "train",
    "craft", "kite", "fall", "sound",
];
