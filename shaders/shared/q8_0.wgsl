// Q8_0 weights: `quants` is [columns / 4, outputs], words of four signed bytes, the first in the lowest bits; so a block of 32
// columns has eight words an output. (Where Q4_0 weights are read instead, shared/q4_0 takes this file's place.)

// The four weights of a word, without their scale.
fn unpack(word: u32) -> vec4<f32> {
    let high = vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u);
    return vec4<f32>(high >> vec4<u32>(24u));
}

// What is unpacked to the weights of columns 0 to 15 and 16 to 31 of a block, four a word.
struct BlockWords {
    first: vec4<u32>,
    second: vec4<u32>,
}

fn block_words(block: u32, stride: u32, output: u32) -> BlockWords {
    let at = block * 8u * stride + output;
    return BlockWords(
        vec4<u32>(quants[at], quants[at + stride], quants[at + 2u * stride], quants[at + 3u * stride]),
        vec4<u32>(quants[at + 4u * stride], quants[at + 5u * stride], quants[at + 6u * stride], quants[at + 7u * stride]),
    );
}

// The weights of four columns of an output, without their scale: `word` is 0 to 7 in its block.
fn four_weights(block: u32, word: u32, stride: u32, output: u32) -> vec4<f32> {
    return unpack(quants[(block * 8u + word) * stride + output]);
}
