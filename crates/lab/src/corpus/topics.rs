//! What poems are about: the words of the prompt, the worlds they touch, their own nouns and their company.

/// Rows: group | prompt phrase | worlds | own nouns | company.
pub(super) const TOPICS: &str = "\
sea|the sea|sk|sea,tide,waves|gull,boat,foam,ship,sand,shell,whale,moon
sea|the beach|s|beach,sand|waves,gull,crab,shell,breeze,sun,child
sea|a ship|s|ship|sail,tide,gull,wind,waves,stars
sea|a boat|s|boat|tide,waves,breeze,moon,fish,gull
sea|a whale|s|whale|tide,sea,waves,ship,moon,foam
sea|a lighthouse|s|lighthouse|lamp,ship,waves,fog,gull,storm
sea|a seashell|s|shell|sea,sand,waves,crab,tide,child
weather|the rain|oc|rain|drops,cloud,roof,street,frog,leaves
weather|the wind|oks|wind|cloud,leaves,kite,grass,breeze,door
weather|the snow|ow|snow|frost,child,pine,roof,fox,moon
weather|a storm|osk|storm|thunder,wind,rain,cloud,tree,roof
weather|the fog|osc|fog|mist,street,lamp,bell,bridge,ship
weather|a cloud|ok|cloud|rain,breeze,sun,hill,kite,lark
weather|a rainbow|ok|rainbow|rain,sun,cloud,hill,child
seasons|spring|o|spring|bud,lamb,robin,rain,grass,lark,bee
seasons|summer|oks|summer|sun,bee,breeze,grass,rose,plum,river
seasons|autumn|o|autumn,leaves|leaf,wind,apple,crow,fox,oak,fire
seasons|winter|ow|winter,snow|frost,ice,fire,pine,owl,wind
seasons|the leaves|o|leaves|wind,oak,rain,path,fox,breeze
night|the moon|kos|moon|stars,owl,tide,cloud,night,cat
night|the stars|k|stars|moon,night,sky,owl,child,comet
night|the night|kh|night|moon,stars,owl,moth,lamp,dream
night|the sun|ko|sun|dawn,lark,cloud,rose,sky,field
night|the sky|k|sky|cloud,lark,stars,moon,kite,sun
night|a star|k|star|moon,night,child,sky,planet
night|the dawn|ok|dawn|lark,sun,mist,dew,bell,sky
animals|a fox|o|fox|moon,hen,snow,owl,hare,leaves
animals|a cat|h|cat|mouse,chair,moon,fire,window,bird
animals|a dog|ho|dog|cat,door,child,shoes,friend,hill
animals|a mouse|h|mouse|cat,cheese,clock,moon,owl
animals|an owl|ok|owl|moon,mouse,tree,night,stars
animals|a bear|o|bear|bee,honey,forest,snow,stars,stream
animals|a frog|o|frog|rain,stream,moon,duck,mist
animals|a horse|o|horse|field,wind,grass,road,farmer
animals|a cow|o|cow|grass,field,hen,moon,bell
animals|a hedgehog|o|hedgehog|leaves,moon,snail,apple,owl
animals|a penguin|sw|penguin|snow,ice,sea,fish,wind
animals|a bee|o|bee|rose,flowers,breeze,sun,honey
animals|a snail|o|snail|rain,grass,garden,leaf,moon
animals|a spider|ho|spider|web,moth,window,rain,dawn
animals|a swan|o|swan|lake,mist,moon,duck,stream
animals|a robin|ow|robin|snow,tree,spring,frost,song
animals|a rabbit|o|rabbit|grass,moon,fox,clover,hill
animals|a duck|o|duck|rain,lake,frog,bread,swan
garden|a garden|o|garden|rose,bee,snail,robin,rain,weed,flowers
garden|a rose|o|rose|bee,garden,dew,sun,rain,thorn
garden|a tree|o|tree|leaves,wind,robin,owl,child,sun
garden|flowers|o|flowers|bee,rain,sun,garden,breeze,child
garden|a seed|o|seed|rain,sun,spring,worm,leaf
nature|a river|o|river|fish,boat,bridge,stream,moon,duck
nature|a mountain|okw|mountain|snow,wind,cloud,path,stars,pine
nature|the forest|o|forest|owl,fox,pine,leaves,wind,path
city|the city|c|city,street|crowd,bus,train,lamp,rain,moon
city|a train|c|train|bell,bridge,moon,field,window,rain
city|a bus|c|bus|street,rain,crowd,child,town
city|my street|c|street|lamp,rain,cat,child,bus,baker
home|my home|h|home,house|door,kettle,cat,lamp,fire,window
home|a clock|h|clock|mouse,night,bell,time,house
home|a kettle|h|kettle|tea,cup,stove,cat,morning
home|a candle|h|candle,flame|night,moth,window,ghost,book
home|a window|hc|window|rain,moon,cat,lamp,frost,street
home|the kitchen|h|kitchen|kettle,bread,spoon,cook,soup,cat
home|a fire|h|fire|flame,cat,kettle,night,wind,chair
home|my bed|h|bed|quilt,moon,cat,dream,night
music|music|ah|song,tune|drum,flute,fiddle,band,night,heart
music|a song|ah|song|lark,flute,child,heart,morning
music|a drum|ac|drum|band,flute,crowd,street,child
music|dancing|ac|dance|band,shoes,fiddle,moon,drum,night
feelings|love|ah|love,heart|rose,smile,song,moon,stars,friend
feelings|hope|ao|hope|seed,dawn,star,lamp,song,spring
feelings|joy|ao|joy,heart|smile,song,child,sun,lark
feelings|friendship|ah|friend|tea,smile,song,road,fire
feelings|a dream|ahk|dream|moon,night,stars,boat,bed,ghost
family|my mother|h|mother|smile,kettle,song,garden,hands
family|my grandma|h|grandma|tea,chair,clock,cake,stove
family|a baby|h|baby|moon,song,bear,quilt,smile
food|tea|h|tea|kettle,cup,rain,cake,spoon
food|coffee|h|coffee|cup,morning,spoon,street,sun
food|bread|h|bread|baker,stove,soup,morning,cheese
food|cake|h|cake|spoon,child,birthday,candle,cook
food|soup|h|soup|spoon,cook,stove,bread,frost
food|honey|oh|honey|bee,bear,bread,spoon,summer
work|a baker|ch|baker|bread,dawn,stove,cake,street
work|a farmer|o|farmer|cow,field,rain,hen,dawn,horse
work|a teacher|hc|teacher|child,books,bell,pen,desk
work|a sailor|s|sailor|ship,waves,stars,wind,song
work|books|h|books,book|chair,lamp,tea,child,night
time|time|ahc|time|clock,year,bell,night,child,road
time|the morning|ohc|morning|sun,lark,bread,kettle,dawn
time|the evening|ohck|evening|lamp,moon,bell,moth,dusk
time|a birthday|h|birthday|cake,candle,band,friend,song
travel|the road|oc|road|hill,shoes,moon,wind,friend,town
travel|a map|hc|map|road,ship,hill,star,king
play|a kite|oks|kite|wind,cloud,child,hill,sky
play|a hat|cho|hat|wind,crow,street,shoes,king
play|a robot|ch|robot|moon,cat,child,lamp,clock
tales|a dragon|ok|dragon|knight,king,cloud,fire,moon
tales|a ghost|hk|ghost|moon,clock,candle,stair,cat,door
tales|a king|ho|king|crown,cat,knight,cake,band,horse
";

/// Further nouns that only keep company, in the form of the noun table.
pub(super) const COMPANY: &str = "\
bird bird c merry,little,clever/small,bright,glad
dew light u silver,early,tiny/cool,bright,clear
web light c silver,dewy,tiny/fine,thin,bright
clover plant u2 lucky,dewy,tender/green,sweet,soft
thorn still c hidden,tiny,stubborn/sharp,small,green
worm beast c tiny,humble,muddy/small,pink,shy
stair still c crooked,creaky,wooden/steep,old,dark
crown still c golden,heavy,paper/bright,old,grand
";
