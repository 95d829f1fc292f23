//! Families of facts that can be checked: items, phrasings of the question, phrasings of the answer.
//!
//! A family begins with `= name | weight`. `Q` rows are questions, `A` rows answers as `styles template`, where the styles
//! are the annotators' habits: f full sentence, t terse, c chatty. `I` rows are
//! items `subject=answer/also right`, and wrong answers are drawn from the same `I` row, so that they are plausible.
//! Slots: `{s}` the subject, `{a}` the answer, `{x}` and `{y}` the two parts of a subject written `x|y`. A capital letter
//! in the slot's name (`{S}`, `{A}`, `{Y}`) asks for a capital first letter. The first question is never held out.

/// Families other than capitals, whose items are in `capitals`.
pub(super) const FAMILIES: &str = "\
= capital | 46
Q What is the capital of {s}?
Q Capital of {s}?
Q Which city is the capital of {s}?
Q Name the capital of {s}.
Q What's the capital of {s}?
Q What city is the capital of {s}?
Q Do you know the capital of {s}?
Q Tell me the capital of {s}.
Q Please name the capital city of {s}.
Q Can you tell me the capital of {s}?
Q Remind me, what is the capital of {s}?
Q What's the name of the capital of {s}?
A f The capital of {s} is {a}.
A f {A} is the capital of {s}.
A f The capital city of {s} is {a}.
A f {S} has {a} as its capital.
A t {A}.
A t It is {a}.
A c It is {a}.
A c That would be {a}.
A c It is called {a}.
A c Its capital is {a}.
A c I believe it is {a}.
A c That is {a}, of course.
= continent | 9
Q Which continent is {s} in?
Q What continent is {s} in?
Q On which continent is {s}?
Q Name the continent of {s}.
Q Can you tell me which continent {s} is in?
Q To which continent does {s} belong?
Q What's the continent of {s}?
A f {S} is in {a}.
A f {S} lies in {a}.
A f The continent of {s} is {a}.
A t {A}.
A t In {a}.
A c It is in {a}.
A c That is in {a}.
A c You will find it in {a}.
= colour | 8
Q What colour is {s}?
Q Which colour is {s}?
Q Tell me the colour of {s}.
Q What is the colour of {s}?
Q What color is {s}?
Q What's the colour of {s}?
Q Can you tell me what colour {s} is?
A f {S} is {a}.
A f The colour of {s} is {a}.
A t {A}.
A t It is {a}.
A c That is {a}.
A c It is usually {a}.
A c I would say {a}.
I grass=green;the sky=blue;snow=white;coal=black;a banana=yellow;a lemon=yellow;a ripe tomato=red;blood=red;milk=white;chocolate=brown;a carrot=orange;an emerald=green;a ruby=red;a sapphire=blue;a flamingo=pink;a crow=black;a polar bear=white;a frog=green;a pumpkin=orange;a strawberry=red;the sea=blue;sugar=white;salt=white;a pea=green;a fire engine=red;an aubergine=purple;a school bus=yellow;a swan=white;soot=black;a lime=green;an elephant=grey/gray;an egg yolk=yellow;cotton=white;a cucumber=green;coffee=brown;lavender=purple;broccoli=green;a canary=yellow
= opposite | 9
Q What is the opposite of {s}?
Q Opposite of {s}?
Q Which word is the opposite of {s}?
Q Name the opposite of {s}.
Q What's the opposite of {s}?
Q Can you tell me the opposite of {s}?
Q What word is the opposite of {s}?
A f The opposite of {s} is {a}.
A f {A} is the opposite of {s}.
A t {A}.
A t It is {a}.
A c That would be {a}.
A c The opposite is {a}.
A c I would say {a}.
I hot=cold;cold=hot;big=small/little;small=big/large;tall=short;fast=slow;slow=fast/quick;up=down;down=up;left=right;open=closed/shut;full=empty;empty=full;happy=sad/unhappy;sad=happy;old=young/new;young=old;new=old;light=dark/heavy;dark=light/bright;heavy=light;wet=dry;dry=wet;hard=soft/easy;soft=hard/loud;loud=quiet;quiet=loud/noisy;early=late;late=early;rich=poor;poor=rich;strong=weak;weak=strong;clean=dirty;dirty=clean;day=night;night=day;near=far;far=near;high=low;low=high;thick=thin;thin=thick/fat;wide=narrow;first=last;last=first;long=short;always=never;before=after;inside=outside;true=false;brave=afraid/cowardly;sweet=sour/bitter;win=lose;love=hate;begin=end;push=pull;buy=sell;give=take;ask=answer
= young | 7
Q What is a young {s} called?
Q What is a baby {s} called?
Q What do you call a young {s}?
Q Name the young of a {s}.
Q What's a young {s} called?
Q Can you tell me what a young {s} is called?
Q What is the word for a young {s}?
A f A young {s} is called a {a}.
A f A young {s} is a {a}.
A t A {a}.
A t {A}.
A c It is called a {a}.
A c It is a {a}.
A c We call it a {a}.
I dog=puppy/pup;cat=kitten;cow=calf;horse=foal;sheep=lamb;goat=kid;pig=piglet;hen=chick;duck=duckling;goose=gosling;swan=cygnet;frog=tadpole/froglet;bear=cub;lion=cub;fox=cub/kit;wolf=cub/pup;seal=pup;deer=fawn;kangaroo=joey;whale=calf;butterfly=caterpillar;hare=leveret;tiger=cub;camel=calf;dolphin=calf;giraffe=calf;donkey=foal;koala=joey
= number | 7
Q How many {x} are in {y}?
Q How many {x} does {y} have?
Q How many {x} are there in {y}?
Q Tell me how many {x} are in {y}.
Q Can you tell me how many {x} are in {y}?
Q Do you know how many {x} are in {y}?
A f There are {a} {x} in {y}.
A f {Y} has {a} {x}.
A t {A}.
A t {A} {x}.
A c It has {a}.
A c There are {a}.
A c I count {a} {x}.
I days|a week=seven;months|a year=twelve;hours|a day=twenty-four;minutes|an hour=sixty;seconds|a minute=sixty;seasons|a year=four;weeks|a year=fifty-two;years|a century=one hundred/a hundred;years|a decade=ten;letters|the alphabet=twenty-six;sides|a triangle=three;sides|a square=four;sides|a pentagon=five;sides|a hexagon=six;sides|an octagon=eight;eggs|a dozen=twelve;strings|a violin=four;keys|a piano=eighty-eight;players|a football team=eleven;cards|a deck=fifty-two;planets|the solar system=eight;cents|a dollar=one hundred/a hundred;faces|a cube=six;days|a fortnight=fourteen;players|a duet=two;days|April=thirty;days|May=thirty-one;days|July=thirty-one;days|June=thirty
= legs | 5
Q How many legs does {s} have?
Q How many legs has {s}?
Q Tell me how many legs {s} has.
Q How many legs are on {s}?
Q Can you tell me how many legs {s} has?
Q Do you know how many legs {s} has?
A f {S} has {a} legs.
A f {S} walks on {a} legs.
A t {A}.
A t {A} legs.
A c It has {a}.
A c It has {a} legs.
A c I count {a} legs.
I a dog=four;a cat=four;a horse=four;a cow=four;a hen=two;a duck=two;a spider=eight;an ant=six;a bee=six;a beetle=six;a person=two;a frog=four;a lizard=four;a scorpion=eight;a butterfly=six;an owl=two;a fox=four;a mouse=four;a moth=six;a bear=four;an elephant=four;a swan=two;a fly=six;a penguin=two;a crab=ten;a lobster=ten
= symbol | 6
Q What is the chemical symbol for {s}?
Q Chemical symbol for {s}?
Q What is the symbol of {s}?
Q Name the chemical symbol of {s}.
Q What's the chemical symbol for {s}?
Q Which chemical symbol stands for {s}?
Q Can you tell me the symbol of {s}?
A f The chemical symbol for {s} is {a}.
A f The symbol of {s} is {a}.
A f {A} is the symbol for {s}.
A t {A}.
A t It is {a}.
A c That is {a}.
A c We write it {a}.
A c Its symbol is {a}.
I hydrogen=H;helium=He;lithium=Li;carbon=C;nitrogen=N;oxygen=O;fluorine=F;neon=Ne;sodium=Na;magnesium=Mg;aluminium=Al;silicon=Si;phosphorus=P;sulfur=S;chlorine=Cl;argon=Ar;potassium=K;calcium=Ca;titanium=Ti;iron=Fe;nickel=Ni;copper=Cu;zinc=Zn;silver=Ag;tin=Sn;iodine=I;platinum=Pt;gold=Au;mercury=Hg;lead=Pb;uranium=U;radium=Ra
= plural | 6
Q What is the plural of {s}?
Q Plural of {s}?
Q Name the plural of {s}.
Q What is the plural form of {s}?
Q What's the plural of {s}?
Q How do you write the plural of {s}?
Q Can you tell me the plural of {s}?
A f The plural of {s} is {a}.
A f {A} is the plural of {s}.
A t {A}.
A t It is {a}.
A c That would be {a}.
A c We say {a}.
A c One {s}, two {a}.
I mouse=mice;goose=geese;foot=feet;tooth=teeth;child=children;man=men;woman=women;ox=oxen;leaf=leaves;knife=knives;wolf=wolves;life=lives;sheep=sheep;deer=deer;fish=fish/fishes;box=boxes;city=cities;baby=babies;potato=potatoes;tomato=tomatoes;bus=buses;half=halves;shelf=shelves;wife=wives;loaf=loaves;penny=pennies/pence;person=people/persons;louse=lice;cactus=cacti/cactuses;church=churches;fox=foxes;story=stories;glass=glasses;hero=heroes
= after | 6
Q Which {x} comes after {y}?
Q What {x} comes after {y}?
Q After {y}, which {x} is next?
Q Name the {x} after {y}.
Q Which {x} follows {y}?
Q What's the {x} after {y}?
Q Can you tell me which {x} comes after {y}?
A f {A} comes after {y}.
A f The {x} after {y} is {a}.
A t {A}.
A t It is {a}.
A c That would be {a}.
A c Next comes {a}.
A c Then comes {a}.
I month|January=February;month|February=March;month|March=April;month|April=May;month|May=June;month|June=July;month|July=August;month|August=September;month|September=October;month|October=November;month|November=December;month|December=January
I day|Monday=Tuesday;day|Tuesday=Wednesday;day|Wednesday=Thursday;day|Thursday=Friday;day|Friday=Saturday;day|Saturday=Sunday;day|Sunday=Monday
I season|spring=summer;season|summer=autumn/fall;season|autumn=winter;season|winter=spring
= sound | 6
Q What sound does {s} make?
Q Which sound does {s} make?
Q What does {s} say?
Q Tell me the sound of {s}.
Q What noise does {s} make?
Q What's the sound of {s}?
Q Can you tell me what sound {s} makes?
A f {S} says {a}.
A f The sound of {s} is {a}.
A f {S} goes {a}.
A t {A}.
A t {A}!
A c It says {a}.
A c It goes {a}.
A c You will hear {a}.
I a cow=moo;a dog=woof/bark;a cat=meow;a sheep=baa;a duck=quack;a pig=oink;a hen=cluck;a horse=neigh;a bee=buzz;a snake=hiss;a frog=croak/ribbit;an owl=hoot;a lion=roar;a mouse=squeak;a crow=caw;a donkey=hee-haw;a wolf=howl;a dove=coo;a chick=cheep;a rooster=cock-a-doodle-doo;a clock=tick-tock;a bell=ding-dong;a goose=honk
= home | 6
Q Where does {s} live?
Q In what does {s} live?
Q What is the home of {s}?
Q Tell me where {s} lives.
Q What's the home of {s}?
Q Where would you find {s} at home?
Q Can you tell me where {s} lives?
A f {S} lives in {a}.
A f The home of {s} is {a}.
A t {A}.
A t In {a}.
A c It lives in {a}.
A c You will find it in {a}.
A c Its home is {a}.
I a bee=a hive;a bird=a nest;a fox=a den;a rabbit=a burrow;a spider=a web;a horse=a stable;a pig=a sty;a bear=a cave/a den;a fish=the water;a snail=its shell;an ant=an anthill;a beaver=a lodge;a hen=a coop;a king=a castle/a palace;a lion=a den/a pride;a squirrel=a tree/a drey;a whale=the sea/the ocean;a camel=the desert;a penguin=the cold south;a monk=a monastery
";
