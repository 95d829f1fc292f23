//! Rhyme classes, second half. The form is described in `rhymes_first`.

pub(super) const RHYMES_SECOND: &str = "\
= ong
2a along;so long
3a all day long;all night long;like a song;, sweet and strong
4a the whole day long;the whole night long;to hear the ~song
Ca and so I sing my silly song;the {n} and I both sing along;the {n} has waited all night long;and if you listen, sing along;and nothing in the world is wrong
Da and so I sing along;and nothing can go wrong;and end{s} it with a song;a day is never long
= ell
2a so well
3a like a bell
3s in the shell
4a and all is well
4o beside the ~well
4c to hear the ~bell
4s inside the ~shell
Ca and all is well, and all is well;I know a thing I will not tell;it has a lovely tale to tell;the {n} has put me in its spell;the {n} and I know that so well;and ring{s} inside me like a bell
Da and all, my dear, is well;and no one breaks the spell;I promise not to tell;and ring{s} me like a bell
= own
2a alone
3a all alone;like a stone;on {p} own
3o on the stone
4a but not alone;for me alone
4os upon the ~stone;beside the ~stone
Ca and I am never quite alone;the {n} can call this place its own;the sweetest sound I've ever known;the {n} and I are not alone;and make{s} the whole wide world its own;as patient as an old gray stone
Da and no one is alone;as quiet as a stone;the best I've ever known;and I am not alone
= all
3a best of all;one and all;in the fall;, standing tall
3hoc by the wall;on the wall
3h in the hall
4a above it all;in spite of all
4hoc beside the ~wall;behind the ~wall
4h along the ~hall
Ca and I am not afraid at all;and big is nothing next to small;the {n} is not so very small;and who would want to own it all;I love the {n} the best of all;and there is room here for us all
Da and I love best of all;and there is room for all;and make{s} no fuss at all
= eye
2a nearby;up high
3a with a sigh;by and by;low and high;passing by
3oks in the sky
4a without a sigh;as days go by;while time goes by
4oksc beneath the ~sky;below the ~sky
Ca and never ask{s} the reason why;and I look up and breathe and sigh;we laugh until we almost cry;the {n} and I wave each goodbye;I love the {n}, do not ask why;and no one has to say goodbye
Da and never wonder{s} why;and no one says goodbye;and so, my dear, do I;I smile, and don't know why
= oo
2a with you;anew
3a just for you;, bright and new;all day through;me and you
3oks in the blue
3o in the dew
4a for me and you;the whole day through;as if it knew
4oks beneath the ~blue;across the ~blue
4hc to see the ~view
Ca and every word of it is true;and then I turn and think of you;I share the {n} with only you;the {n} and I have much to do;and all the world is fresh and new;and I have nothing else to do
Da and all of it is true;and so, I think, are you;and make{s} the old world new;and then I think of you
= eep
2l asleep
3a , still and deep
3l half asleep;fast asleep
3o like a sheep
4l as if asleep;with dreams to keep;before {p} sleep
4s above the ~deep;across the ~deep
Ca it is a promise I will keep;and hum{s} the whole wide world to sleep;the {n} and I fall fast asleep;I tell the {n} to go to sleep;and that's a secret we can keep
Da and hum{s} us all to sleep;and send{s} the world to sleep;a promise I will keep;and fall{s} at last asleep
= ake
2l awake
3a for my sake
3l half awake;wide awake
3os on the lake
3h like a cake
4a for old times' sake
4os beside the ~lake;across the ~lake
4h beside the ~cake
Ca and I am glad to be awake;the {n} is sweeter than a cake;I think the {n} deserves a cake;we laugh at every small mistake;there is no better day to make;and every heart is wide awake
Da and I am wide awake;as sweet as any cake;and what a day to make;the dream is still awake
= ead
3a overhead;straight ahead
3h by my bed;, warm as bread;in my bed
4a just as you said;inside my head;above my head
4h beside the ~bed;upon the ~bed
Ca I hear it humming in my head;it is as good as fresh-baked bread;I should, but will not, go to bed;the {n} keeps dancing in my head;I wish the {n} would go to bed;and sweet are all the days ahead
Da and dance{s} in my head;and so we go to bed;and sweet days lie ahead;as warm as fresh-baked bread
= and
3a close at hand
3l hand in hand
3s on the sand
3o on the land
4a across the ~land
4s along the ~sand;upon the ~sand
Ca and so we wander hand in hand;and only children understand;I hold the {n} inside my hand;the {n} and I walk hand in hand;it's more than I can understand;and life is short, and life is grand
Da and walk home hand in hand;and takes me by the hand;and children understand;and life, my dear, is grand
= ace
3a with such grace;face to face;in {p} place
3l full of grace
3k out in space;like old lace
4a with quiet grace;in {p} own place;at {p} own pace
4k across the ~space
Ca and leave{s} a smile upon my face;the {n} puts color in my face;and I am standing in one place;the world is such a pretty place;and sunlight warms me on the face;the {n} and I both like this place
Da and smile{s} upon my face;it is a pretty place;and what a happy place;with stars upon {p} face
= ou
2a in town
3a up and down;upside down
3c in the town;through the town
4a all up and down;without a frown;as night comes down
4c across the ~town;above the ~town
4o in gold and brown
Ca and nothing now can get me down;and no one here will wear a frown;the {n} has turned me upside down;I give the {n} a paper crown;and I would trade it for no crown;the best and oldest clown in town
Da and nothing gets me down;and wear{s} it like a crown;the happiest in town;and no one wears a frown
= est
2a at rest
3a at {p} best
3l like a guest
3o in the nest;by the nest
3oks from the west
4l and will not rest;like any guest
4o beside the ~nest;above the ~nest
4oks toward the ~west
Ca of all the things I love it best;and now it is the time to rest;the {n} has earned a little rest;the {n} is my most welcome guest;and only then we stop to rest
Da and then lie{s} down to rest;I think I love it best;and home is always best;and sink{s} into the west
= eart
3a from the heart;in my heart
4a within my heart
4a with all {p} heart
Ca and keep{s} a corner of my heart;the {n} lives here inside my heart;and I have known it from the start;it is a small, but perfect, start;the {n} and I are miles apart;and every end is one more start
Da and settle{s} in my heart;and we are not apart;a good place for a start;and open{s} up my heart
= ame
2a the same
3a just the same;like a flame;all the same;like a game
3h by the flame
4h beside the ~flame;before the ~flame
Ca and no two days are quite the same;and softly call{s} me by my name;the {n} knows everyone by name;I give the {n} a silly name;it makes me happy that it came;and now I'll never be the same
Da and call{s} me by my name;and I am glad it came;and never quite the same;I call it by its name
= ind
3a , soft and kind;in my mind;close behind
4l with peace of mind
Ca and leave{s} a little joy behind;and all my knots of care unwind;the {n} is always on my mind;the {n} is just the friendly kind;it is the best one you can find;it asks me only to be kind
Da and leave{s} its cares behind;the best that you can find;it's good, and wise, and kind
";
