//! What a subject may do in the second half of a line, by rhyme class: four syllables x/x/ that follow `the silver tide`.
//!
//! Rows: class | for any subject | only for living ones. `{s}` is the verb's ending, `{has}` has or have, `{is}` is or
//! are, `{p}` its or their.

pub(super) const DEEDS: &str = "\
ight|will be all right;bring{s} us delight;will say goodnight;{has} seen the light|stay{s} up all night;dream{s} half the night;will share a bite;{is} far too bright
ay|{has} lost {p} way;{has} much to say;{is} here to stay;will find a way;{is} on {p} way;{has} gone away|would love to play;come{s} out to play;will not obey;ask{s} me to stay
ee|belong{s} to me;look{s} back at me;{is} glad to be;keep{s} calling me;will wait for me;mean{s} much to me|come{s} home for tea;would like some tea;sit{s} down to tea;wink{s} once at me;run{s} wild and free;steal{s} all my tea
oh|begin{s} to glow;will never go;come{s} soft and slow;{is} white as snow;{has} far to go|would like to know;would love to go;{has} caught a glow;wait{s} for the snow
oon|will be here soon;come{s} none too soon;{has} lost the tune;remember{s} June|would hum a tune;sleep{s} until noon;would kiss the moon;{has} seen the moon;talk{s} to the moon
ar|{has} come so far;will travel far;shine{s} like a star;{is} never far|play{s} the guitar;{has} caught a star;would steal a star;sail{s} for a star
ain|come{s} back again;{is} new again;will come again;{has} stopped again;taste{s} like the rain|must catch a train;will not complain;play{s} in the rain;{is} late again
air|{has} time to spare;hang{s} in the air;{is} always there|will take the air;{has} lost a chair;would love to share;{has} brushed {p} hair;sleep{s} in my chair;{has} not a care
or|come{s} to my door;{has} one thing more;{is} here once more;knock{s} at the door;wait{s} by the door|begin{s} to snore;ask{s} for some more;would like some more;will sweep the floor;nap{s} on the floor
ound|{has} come around;{is} safe and sound|{has} just been found;adore{s} the sound;roll{s} on the ground
ing|will make you sing;feel{s} like the spring;taste{s} just like spring;{has} learned to sing|{has} lost a ring;forget{s} to sing;begin{s} to sing;would be a king;{has} tied a string
ill|{is} lovely still;lie{s} calm and still;keep{s} very still|run{s} down the hill;climb{s} up the hill;will not sit still;{has} climbed the sill;remember{s} still;roll{s} down the hill
old|{is} good as gold;{is} hard to hold;{has} turned to gold;will not grow old|{has} caught a cold;{is} brave and bold;dream{s} of some gold
ear|{is} very near;{is} always here;will soon be here;come{s} once a year|bring{s} us good cheer;will lend an ear;{has} naught to fear;{is} such a dear
eam|{is} like a dream|{has} found the cream;begin{s} to dream;would swim the stream;steal{s} all the cream
ong|{is} like a song;will not be long;{has} been so long;grow{s} bright and strong|sing{s} me a song;{has} learned my song;forget{s} the song;hum{s} right along;would like a song;get{s} it all wrong
ell|{has} much to tell;{is} doing well;will wish us well;{has} cast a spell|ring{s} every bell;sleep{s} very well;will never tell;{has} rung the bell;know{s} me so well;would love to yell
own|{is} all my own;{is} on {p} own|must sleep alone;{has} lost a bone;sit{s} on a stone;will roam alone;{has} never known;talk{s} to a stone
all|belong{s} to all;{is} very small;{has} charmed us all;come{s} in the fall;will warm us all|will jump the wall;forgive{s} us all;play{s} with a ball;{is} not so small;{has} heard the call
eye|{has} caught my eye;will pass us by;go{es} drifting by;know{s} how to fly|will wonder why;{has} waved goodbye;forget{s} to fly;would love to fly;{has} closed one eye;{is} rather shy
oo|{is} meant for you;{is} fresh and new;{is} fond of you;belong{s} to you|{has} lost a shoe;{has} much to do;{is} fond of you;ask{s} after you;know{s} what to do
eep|{is} cool and deep;{is} ours to keep;run{s} very deep|pretend{s} to sleep;forget{s} to sleep;{is} fast asleep;begin{s} to creep;{is} counting sheep
ake|{is} wide awake;{is} sweet as cake;keep{s} me awake;shine{s} on the lake|{has} hid the cake;would like some cake;swim{s} in the lake;{is} half awake;ask{s} for some cake
ead|{is} painted red;come{s} to my bed;hang{s} by a thread;go{es} to my head|will go to bed;stay{s} late in bed;jump{s} on my bed;would like some bread;{has} turned quite red;shake{s} a wise head
and|{is} close at hand;{is} simply grand;{has} crossed the land;look{s} very grand|{has} joined the band;give{s} me a hand;dig{s} in the sand;will understand;conduct{s} the band;{has} kissed my hand
ace|{has} found {p} place;will slow {p} pace;light{s} up my face;fill{s} every place|must wash {p} face;win{s} every race;{has} lost the race;will keep {p} place
ou|{has} come to town;{is} back in town;{is} gold and brown;will not come down|put{s} on a crown;{has} lost a crown;fool{s} half the town;would wear a crown;will not sit down
est|{is} at {p} best;come{s} from the west;will have {p} rest|{has} left the nest;must have some rest;{is} nicely dressed;{is} our best guest;look{s} quite well dressed;{has} earned a rest
eart|{has} won my heart;{is} brave at heart;{has} made a start;light{s} up my heart|know{s} me by heart;{is} rather smart;{is} young at heart;will soon depart
ame|{is} just the same;burn{s} like a flame;will feel the same;{has} changed {p} name|forget{s} my name;{has} won the game;ask{s} me my name;{has} learned my name;{is} far too tame
ind|{is} sweet and kind;come{s} to my mind;{has} crossed my mind;{is} hard to find|fall{s} far behind;{has} changed {p} mind;{is} always kind;{is} just my kind;will speak {p} mind
";
