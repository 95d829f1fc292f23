//! Nouns with what they may be and do, and the scenery words with their adjectives.
//!
//! A noun row: word, class, flags, then two-syllable adjectives `/` one-syllable ones. Flags: `c` countable, `u` only
//! with the, `m` only with my or our, `p` plural, `2` two syllables stressed on the first (else one syllable).
//! A class row: name | one-syllable verbs | verb and particle | two-syllable adverbs.

pub(super) const CLASSES: &str = "\
water|roll,run,sing,dance,turn,sigh,shine,gleam,sleep,dream,hum,play|roll in,slip by,run on,sing on,shine on,dance by,come home|softly,slowly,gently,wildly,brightly,sweetly
bird|fly,sing,call,glide,hop,wait,sleep,dream,dance,play|fly home,look down,sing on,flit by,call out,fly off,swoop down|sweetly,gladly,lightly,softly,boldly,bravely
beast|run,creep,sleep,wait,dream,hide,play,dance,yawn,stretch,hum|run home,creep by,look up,curl up,dance on,sneak out,trot by|softly,lightly,gladly,shyly,boldly,slowly
fish|swim,glide,sleep,wait,dream,hide,play,dance,gleam,turn|swim by,swim home,look up,dive down,glide on|softly,lightly,gladly,shyly,boldly,slowly
glass|shine,gleam,wait,glow,rest|look out,wake up,glow on|softly,brightly,warmly,kindly
light|shine,glow,gleam,burn,wait,smile,dance,rise,sing|look down,shine on,glow on,wake up,peep in,climb up|softly,brightly,warmly,kindly,gladly,gently
plant|grow,nod,bend,sway,bloom,lean,wake,sleep,dance,dream|wake up,bow down,lean in,reach up,sway on,stand tall|softly,slowly,gently,sweetly,lightly,gladly
leaf|fall,drift,dance,spin,shake,float,glow,sleep|drift by,come down,dance on,float down,spin round|softly,slowly,gently,lightly,gladly,wildly
wind|blow,sing,sigh,dance,drift,moan,play,hum,call|blow in,drift by,dance on,sweep by,sing on,move in|softly,slowly,gently,wildly,lightly,sweetly
cloud|drift,float,sail,sleep,dream,wait,glow,hang|drift by,float on,sail by,look down|softly,slowly,gently,lightly,proudly,kindly
kite|fly,dip,drift,glide,soar,float,sail,dance|fly off,climb up,sail on,dip down|softly,boldly,gladly,lightly,bravely,wildly
dance|spin,turn,leap,skip,glide,swing,sway|go on,spin round,skip on,leap up|lightly,gladly,softly,boldly,wildly,sweetly
fall|fall,dance,sing,tap,play,drift,hum|come down,drift by,fall on,dance down,tap on|softly,slowly,gently,lightly,sweetly,gladly
person|sing,walk,dream,smile,wait,dance,laugh,hum,work,rest,play|come home,look up,sing on,walk on,stroll by,sit down,wake up|softly,gladly,slowly,sweetly,kindly,bravely
craft|drift,rock,glide,sway,wait,sleep,dream,turn,dance|sail on,glide by,come home,drift by,sail off,rock on|softly,gently,slowly,proudly,lightly,bravely
train|roll,hum,rush,sing,wait,rock,sigh,sway|roll on,rush by,come home,slow down,hum on,pull in|softly,gently,slowly,proudly,gladly,boldly
thing|hum,wait,rest,sing,shine,dream,sigh,sleep,smile|hum on,wait up,sing out,sit still,wake up|softly,gently,sweetly,proudly,gladly,kindly
still|wait,rest,shine,dream,gleam,smile,sleep|lie still,wait up,sit still|softly,gently,sweetly,proudly,gladly,kindly
sound|ring,sing,hum,play,dance,rise,float,drift,swell|ring out,drift by,play on,float up,rise up|softly,gently,sweetly,gladly,lightly,warmly
season|come,walk,wait,sing,smile,sleep,dance,dream,sigh|come back,walk by,move in,roll in,slip by,wake up|softly,gently,slowly,sweetly,gladly,kindly
feel|grow,glow,sing,wait,dance,burn,sleep,stay,hum|come home,grow strong,sing on,wake up,live on|softly,gently,sweetly,gladly,kindly,warmly
food|wait,steam,glow,smile,rest,shine|smell good,taste good,warm up,cool down|softly,warmly,sweetly,gently,gladly,kindly
land|wait,sleep,dream,shine,glow,hum,wake,smile,gleam|stretch out,wake up,lie still,dream on|softly,gently,slowly,kindly,gladly,sweetly
road|wind,bend,run,wait,sleep,turn,climb,dream|wind on,run on,lead home,climb up,stretch out|softly,gently,slowly,gladly,kindly,boldly
fire|burn,glow,dance,sing,hum,leap,sigh,play|burn low,glow on,burn on,dance on,leap up|softly,warmly,brightly,gladly,gently,kindly
";

pub(super) const NOUNS: &str = "\
sea water u silver,salty,restless,mighty/deep,wide,blue
tide water u silver,restless,patient,salty/deep,slow,strong
waves water p salty,silver,merry,restless/blue,white,wild
foam water u silver,salty,bubbly/white,soft,light
gull bird c hungry,noisy,clever,salty/white,loud,bold
ship craft c wooden,mighty,lonely,noble/tall,proud,brave
boat craft c little,wooden,yellow,rusty/small,red,brave
sail craft c snowy,tattered,silver/white,wide,bright
shell still c pearly,little,tiny/pink,smooth,small
sand land u golden,silver,yellow/warm,soft,white
whale fish c mighty,gentle,lonely,friendly/great,blue,wise
crab beast c little,grumpy,stubborn/small,red,shy
fish fish c silver,little,clever,tiny/quick,small,bright
beach land u sandy,sunny,golden/wide,warm,bright
lighthouse glass c2 lonely,patient,faithful/tall,white,bright
lamp light c yellow,golden,gentle,little/warm,bright,low
wind wind u restless,gentle,playful,chilly/wild,cold,free
rain fall u gentle,silver,chilly,patient/soft,cool,gray
drops fall p silver,tiny,merry/round,bright,cool
cloud cloud c woolly,lazy,fluffy,lonely/white,soft,high
storm wind c angry,mighty,noisy,restless/dark,loud,wild
thunder wind u2 noisy,grumpy,mighty/loud,deep,low
rainbow light c2 gentle,painted,lovely/bright,wide,high
snow fall u silent,silver,gentle,feathered/white,soft,deep
frost light u silver,icy,clever/white,sharp,cold
fog wind u silent,silver,sleepy,ghostly/gray,thick,soft
mist wind u silver,sleepy,silent/white,soft,thin
breeze wind c gentle,playful,summer,salty/cool,soft,light
spring season u merry,gentle,early/green,sweet,young
summer season u2 golden,lazy,sunny/warm,long,sweet
autumn season u2 golden,crimson,windy/crisp,bright,red
winter season u2 silver,frosty,silent/cold,white,long
leaves leaf p golden,crimson,yellow,scarlet/red,bright,brown
leaf leaf c golden,crimson,yellow,little/red,small,brown
bud plant c tiny,rosy,sleepy/green,small,shy
ice light u silver,chilly,shiny/cold,clear,smooth
moon light u silver,yellow,gentle,lonely/full,bright,pale
stars light p silver,distant,tiny,ancient/bright,cold,far
star light c silver,distant,tiny,lonely/bright,small,far
sun light u golden,friendly,early,mighty/warm,bright,kind
night season u velvet,silent,gentle,starry/dark,deep,long
dawn light u rosy,golden,early,gentle/pink,new,soft
dusk light u purple,gentle,silver,quiet/soft,dim,blue
comet light c2 distant,silver,lonely/bright,swift,far
sky land u quiet,open,velvet,endless/wide,blue,clear
planet light c2 distant,silver,lonely/blue,round,far
fox beast c clever,hungry,scarlet,playful/red,sly,quick
cat beast c sleepy,velvet,clever,lazy/black,sly,proud
dog beast c faithful,happy,muddy,friendly/brown,good,glad
mouse beast c tiny,clever,hungry,timid/small,quick,gray
owl bird c ancient,clever,sleepy,solemn/wise,old,gray
bear beast c sleepy,mighty,hungry,gentle/big,brown,slow
hare beast c nimble,silver,clever/quick,brown,shy
frog beast c merry,little,noisy,speckled/green,small,glad
horse beast c gentle,mighty,faithful,noble/strong,brown,swift
cow beast c gentle,patient,speckled/brown,calm,kind
sheep beast c woolly,patient,foolish,gentle/white,soft,calm
lamb beast c woolly,little,playful,gentle/white,small,soft
hen bird c busy,speckled,foolish,faithful/brown,plump,proud
duck bird c noisy,merry,muddy,yellow/white,plump,glad
swan bird c silver,graceful,snowy/white,proud,calm
crow bird c clever,noisy,ancient/black,wise,loud
lark bird c merry,early,little/small,glad,high
robin bird c2 little,merry,cheerful/red,small,bold
sparrow bird c2 little,busy,merry/brown,small,quick
bee bird c busy,golden,fuzzy,tiny/small,plump,glad
snail beast c patient,tiny,silver/small,slow,shy
spider beast c2 clever,tiny,patient/black,small,shy
rabbit beast c2 nimble,fluffy,timid/white,soft,quick
hedgehog beast c2 prickly,sleepy,timid/small,round,shy
penguin beast c2 merry,solemn,waddling/black,plump,proud
moth bird c dusty,silver,velvet/pale,soft,small
rose plant c crimson,velvet,yellow,tender/red,sweet,proud
garden land c2 quiet,sunny,secret/green,wild,small
flowers plant p2 merry,purple,golden/bright,wild,sweet
grass plant u silver,gentle,dewy/green,soft,tall
daisy plant c2 merry,little,sunny/white,small,bright
tulip plant c2 crimson,sleepy,merry/red,tall,proud
tree plant c ancient,mighty,leafy,patient/old,tall,green
oak plant c ancient,mighty,gnarly,patient/old,strong,tall
pine plant c silent,silver,ancient/green,tall,dark
seed plant c tiny,patient,sleepy/small,round,brown
weed plant c stubborn,cheerful,prickly/green,wild,bold
apple food c2 rosy,golden,shiny/red,sweet,round
forest land c2 silent,ancient,leafy/green,deep,dark
hill land c grassy,sleepy,purple/green,high,round
mountain land c2 mighty,ancient,silent/high,cold,blue
river water c2 silver,lazy,ancient/wide,slow,deep
stream water c silver,merry,chilly/clear,quick,bright
lake water c silver,quiet,sleepy/deep,still,blue
field land c golden,open,sunny/wide,green,warm
street road c busy,narrow,rainy,noisy/long,gray,old
town land c little,sleepy,busy,rainy/small,old,bright
city land c2 sleepless,noisy,busy/bright,wide,loud
crowd person u busy,noisy,merry/loud,quick,glad
train train c early,sleepy,rusty,noisy/long,fast,old
bus train c yellow,crowded,noisy/red,slow,late
bridge still c ancient,iron,narrow/old,high,strong
roof still c rusty,crooked,mossy/red,high,old
bell sound c golden,ancient,rusty/deep,clear,loud
house land c crooked,quiet,little/old,warm,small
home land m quiet,little,cozy/warm,small,dear
kitchen land c2 busy,cozy,sunny/warm,bright,small
window glass c2 golden,dusty,frosty/bright,wide,clear
chair still c wooden,crooked,cozy/old,soft,worn
clock thing c patient,ancient,wooden,stubborn/old,tall,slow
kettle thing c2 merry,rusty,noisy/hot,round,old
cup still c painted,little,favorite/blue,warm,full
fire fire u crackling,golden,cozy/warm,red,bright
flame fire c tiny,golden,gentle/bright,small,warm
candle fire c2 golden,tiny,gentle/white,small,thin
lantern light c2 golden,rusty,paper/warm,bright,small
stove fire c iron,faithful,rusty/hot,black,old
bed land m cozy,rumpled,feather/warm,soft,wide
quilt still c patchwork,cozy,feather/warm,soft,old
door still c wooden,crooked,painted/red,old,wide
song sound c merry,gentle,simple,foolish/sweet,old,soft
tune sound c merry,simple,foolish/sweet,old,bright
drum sound c noisy,merry,distant/loud,deep,low
flute sound c silver,wooden,gentle/sweet,high,clear
band person u merry,noisy,marching/loud,proud,glad
fiddle sound c2 merry,ancient,restless/old,sweet,brown
dance dance u merry,foolish,nimble/quick,glad,light
love feel m tender,foolish,patient,honest/deep,true,warm
heart feel m tender,foolish,stubborn,happy/warm,full,brave
joy feel m simple,sudden,silly/bright,pure,wild
hope feel m tiny,stubborn,patient,quiet/small,bright,strong
luck feel m silly,sudden,happy/good,bright,sweet
grief feel m heavy,silent,patient/deep,old,slow
friend person c faithful,patient,honest,merry/good,old,dear
child person c sleepy,merry,muddy,clever/small,glad,bold
mother person m2 gentle,patient,busy/kind,warm,wise
grandma person m2 gentle,clever,busy/kind,old,wise
baby person c2 sleepy,tiny,rosy/small,warm,new
dream feel c golden,foolish,secret/sweet,strange,deep
smile light c sudden,friendly,crooked/warm,wide,shy
tea food u golden,gentle,minty/hot,sweet,strong
coffee food u2 bitter,early,steaming/hot,black,strong
bread food u golden,crusty,honest/warm,fresh,brown
cake food c golden,sticky,birthday/sweet,tall,soft
soup food u golden,steaming,humble/hot,thick,good
pie food c golden,sticky,apple/warm,sweet,fresh
honey food u2 golden,sticky,amber/sweet,thick,slow
plum food c purple,juicy,dusty/ripe,sweet,round
cheese food u yellow,crumbly,smelly/old,strong,good
spoon still c silver,wooden,sticky/small,round,bright
cook person c cheerful,busy,clever/plump,glad,good
baker person c2 early,floury,cheerful/plump,glad,kind
farmer person c2 early,muddy,patient/strong,old,kind
teacher person c2 patient,clever,gentle/wise,kind,good
sailor person c2 salty,merry,weary/brave,old,bold
painter person c2 dreamy,clever,messy/young,shy,bold
books still p dusty,clever,ancient/old,thick,good
book still c dusty,clever,ancient/old,thick,good
pen thing c leaky,clever,silver/blue,thin,quick
desk still c dusty,messy,wooden/old,wide,worn
hands person p clever,busy,gentle/warm,strong,quick
time season u patient,silent,restless/slow,swift,wise
year season u golden,weary,happy/long,new,old
day season u lazy,golden,windy,busy/bright,long,warm
morning season u2 rosy,golden,early/bright,new,clear
evening season u2 purple,lazy,quiet/soft,long,warm
birthday season u2 merry,happy,noisy/bright,glad,sweet
road road u dusty,lonely,winding/long,wide,old
path road u narrow,mossy,secret/old,green,steep
map still c faded,crumpled,ancient/old,worn,strange
hat still c crooked,feathered,floppy/red,tall,old
shoes still p muddy,dusty,faithful/old,brown,worn
kite kite c crimson,paper,happy/red,light,high
robot person c2 rusty,gentle,clever/small,bright,kind
dragon beast c2 sleepy,mighty,emerald/green,great,shy
ghost wind c timid,silver,lonely,friendly/pale,shy,old
king person c foolish,mighty,sleepy/proud,old,good
knight person c rusty,clumsy,noble/brave,bold,young
";

/// Adjectives for the scenery words that end lines.
pub(super) const SCENERY: &str = "\
light golden,silver,gentle,early,evening
night quiet,starry,velvet,summer
way winding,dusty,happy
bay quiet,silver,sunny
hay golden,summer,yellow
sea silver,sleepy,salty,open
tree apple,cherry,leafy,mighty
tea minty,golden
snow silent,silver,winter
moon silver,yellow,rising,summer,paper
spoon silver,wooden
star distant,silver,evening
jar cookie,honey
car yellow,rusty
rain silver,summer,gentle
lane leafy,muddy,winding
pane frosty,window
train early,evening
air morning,evening,summer,frosty
stair crooked,creaky,wooden
chair rocking,wooden,crooked
shore sandy,silver,distant
door garden,wooden,painted
floor kitchen,wooden
store candy,corner
ground frozen,mossy,grassy
spring early,merry
swing garden,wooden
hill grassy,purple,windy
mill ancient,water,sleepy
sill window,sunny
chill winter,morning
cold bitter,winter
year happy,busy,golden
dream golden,happy,foolish
stream silver,mountain,merry
steam rising,kitchen
beam silver,golden
throng merry,happy
song happy,simple,evening
spell magic,gentle
well garden,mossy
bell evening,village
shell pearly,silver
stone mossy,ancient
wall garden,mossy,crooked
hall quiet,narrow
sky open,morning,evening,summer,velvet
blue morning,open,summer
dew morning,silver
view lovely,open
deep silver,silent
lake quiet,silver,frozen
cake birthday,honey
bed feather,cozy
land sleepy,golden,open
sand golden,silver,yellow
place quiet,secret,happy
space starry,empty
town sleepy,little,busy
nest cozy,feathered
west golden,crimson
heart happy,foolish,honest
flame candle,golden
mind busy,quiet,happy
";
