//! Rhyme classes, first half: line endings and closing lines, by the sound they end in.
//!
//! One block per class (`= name`). Each row begins with its form and the worlds it belongs to, then entries split by
//! semicolons. Forms: `2` x/, `3` /x/ or xx/, `4` x/x/ (`~` marks where an adjective may stand, which makes it six
//! syllables), `C` a closing line of eight syllables, `D` a closing line of six. Worlds: a anywhere, s sea, o open
//! country, k sky, h home, c city, w cold. `{n}` is a noun of the topic, `{o}` it or them, `{p}` its or their.

pub(super) const RHYMES_FIRST: &str = "\
= ight
2a at night;tonight;all night
3a in the night;out of sight;with delight;, soft and bright;half the night
3hc by the light
3k like a kite
3w , cold and white
4a until the ~light;to my delight;for one more night;with all {p} might;through all the ~night
4h beside the ~light
4oks beneath the ~light
Ca and everything will be all right;and no one wants to say goodnight;the {n} and I will talk all night;I kiss the {n} and say goodnight;and I am happy here tonight;and oh, it is a lovely sight
Da and all the world is right;and I am glad tonight;I smile and say goodnight;and what a lovely sight
= ay
2a all day;today;away
3a all the day;every day;night and day;on the way;far away
3s in the bay
3o in the hay
3w , cold and gray
4a at break of day;along the ~way;in {p} own way;another day
4s across the ~bay
4o among the ~hay
Ca and I have nothing more to say;I ask the {n} to please just stay;and so we waste the perfect day;the {n} has come a long, long way;and no one sends the child away;and that is how I spend my day
Da and so I think I'll stay;and that has made my day;and what a perfect day
= ee
2a for me;with me
3a just for me;wild and free
3s on the sea;by the sea
3o in the tree;like a bee
3h over tea
4a for all to see;for you and me;as if for me
4s upon the ~sea;across the ~sea
4o beneath the ~tree;around the ~tree
4h beside the ~tea
Ca the {n} and I sit down to tea;I ask the {n} to come to tea;and this is where I want to be;and no one knows but you and me;and that is quite enough for me;I love the {n}, the {n} loves me
Da and that's enough for me;and then we all have tea;as happy as can be
= oh
3a soft and low;sweet and slow;long ago
3l head to toe
3w in the snow;like the snow
3hk all aglow
4w across the ~snow;beneath the ~snow
4oks where soft winds blow
4o where daisies grow;where nettles grow
Ca and that is all I need to know;and neither of us wants to go;and nobody will tell it no;it took a while, but now I know;the {n} is all I need to know;as quiet as the falling snow
Da and that is all I know;I do not want to go;and oh, I love it so;as quiet as the snow
= oon
2a at noon;in June;too soon
3a none too soon;to a tune;all through June
3oks by the moon;for the moon
3k round the moon
4a all afternoon;to {p} own tune;the whole of June;that afternoon
4oksc beneath the ~moon;below the ~moon
4h beside the ~spoon
Ca and I go humming out of tune;and I will see you very soon;the {n} and I have stayed till noon;the {n} will soon forget the tune;and even I can hum the tune;as slow and easy as in June
Da and we shall meet there soon;and hum{s} a little tune;and wink{s} up at the moon
= ar
2a afar
3a near and far;like a star;from afar
3k by a star;round a star
3h in a jar
4k beneath the ~star;beside the ~star
4h beside the ~jar
4c beside the ~car
Ca so let us stay here as we are;the {n} and I have come so far;and no one asks us who we are;and we are happy as we are;and someone plays an old guitar
Da so stay just as you are;and I have not come far
= ain
2a again
3a once again
3oc in the rain;down the lane
3oh at the pane
3c on the train
3k after rain
4a now and again
4osc beneath the ~rain;despite the ~rain
4oc along the ~lane
4hc against the ~pane
4c beside the ~train
Ca and then I hear it all again;and I begin to hum again;the {n} will soon be back again;we only came in for the rain;and nobody will once complain;and look, the world is clean again
Da and then it starts again;and I am young again;the {n} comes back again
= air
2a somewhere;out there
3a everywhere;here and there;over there;free from care;like a prayer
3oksc in the air
3h on the stair;by my chair;in my chair
4a without a care;with time to spare;for all to share
4oksc upon the ~air;in open air
4h below the ~stair;beside the ~chair
Ca and I forget to comb my hair;I turn around and you are there;and something sweet is in the air;the {n} is sitting in my chair;the {n} and I have time to spare;and no one else is even there
Da and there is more to share;and magic fills the air;with not a single care;and I am glad you're there
= or
2a once more;next door
3a more and more;as before
3h by the door;on the floor
3c near the store
3s on the shore;by the shore
4a forevermore;a little more;just like before
4s along the ~shore;beside the ~shore
4h behind the ~door;across the ~floor
4c outside the ~store
Ca the {n} is waiting at the door;and still I ask for just one more;and then I love it all the more;and who could ever want for more;I hear the {n} outside the door;and no one ever locks the door
Da and I could not want more;and wait{s} outside the door;and still we ask for more;I love it all the more
= ound
2a around
3a safe and sound;all around;round and round
3o on the ground
4a without a sound
4o above the ~ground;below the ~ground
Ca the {n} was lost and now is found;and oh, the joy of what I've found;it turns the whole wide world around;and not a worry to be found;I hold my breath without a sound;the {n} and I make not a sound
Da and joy is all around;and what was lost is found;without a single sound;and nothing makes a sound
= ing
2a in spring
3a like a king;in the spring
3k on the wing
3h like a ring
4a like anything;on silver string;as if to sing
4a upon the ~swing;until the ~spring
Ca and all at once I start to sing;and I feel richer than a king;and I could hug each living thing;I tie the {n} up with a string;the {n} and I begin to sing;it is a small and lovely thing
Da and so I start to sing;a small and lovely thing;and dance{s} like a king;and hearts begin to sing
= ill
2a so still
3a , calm and still
3o on the hill;by the mill;round the hill
3h on the sill
3w through the chill
4a so calm and still
4o upon the ~hill;behind the ~hill;beside the ~mill
4h upon the ~sill
4w despite the ~chill
Ca I loved it then, I love it still;and if you wait, I think it will;the {n} and I are sitting still;and all the world is standing still;and I am listening to it still
Da and I can hear it still;and all the world is still;I love it then, and still
= old
3a , good as gold
3w in the cold;through the cold
3oksh , dressed in gold
4a in green and gold;as good as gold;for young and old
4w against the ~cold;despite the ~cold
4a in robes of gold
Ca and neither you nor I grow old;and we have stories to be told;the {n} is worth its weight in gold;and yet it is not bought or sold;a tale that never will grow old;and here is someone's hand to hold
Da and never will grow old;as good as any gold;a hand for me to hold;and so the tale is told
= ear
2a all year;so near;right here
3a all the year;loud and clear;far and near;year by year
4a for all to hear;as I draw near;another year
4a throughout the ~year;for one whole year
Ca and I am glad that you are here;and whisper{s} something in my ear;the {n} is whispering in my ear;it is my favorite time of year;the {n} has nothing left to fear;and someone laughs, and you are near
Da I'm happy to be here;and whisper{s} in my ear;and there is naught to fear;and you, my love, are near
= eam
3a like a dream;in a dream;in my dream
3o by the stream;in the stream
3h through the steam;, sweet as cream
4a as in a dream;within the ~dream;beyond the ~dream
4o beside the ~stream;along the ~stream
4k beneath the ~beam
Ca and nothing is as it may seem;the {n} has slipped into my dream;I wake up smiling from the dream;the {n} and I share one small dream;and nothing's quite as it may seem;and half of it is strawberry cream
Da and slip{s} into my dream;as gentle as a dream;and things are what they seem
";
