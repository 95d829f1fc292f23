// Q4_0 weights: `quants` is [columns / 8, outputs], words of four bytes as in the file, the first in the lowest bits; so a block of
// 32 columns has four words an output. The low half of byte i is column i, the high half column 16 + i, each plus 8. Takes the
// place of shared/q8_0.

// The four weights of a word of small bytes, without their scale.
fn unpack(word: u32) -> vec4<f32> {
    let bytes = vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u);
    return vec4<f32>(bytes & vec4<u32>(0xffu)) - 8.0;
}

// What is unpacked to the weights of columns 0 to 15 and 16 to 31 of a block, four a word.
struct BlockWords {
    first: vec4<u32>,
    second: vec4<u32>,
}

fn block_words(block: u32, stride: u32, output: u32) -> BlockWords {
    let at = block * 4u * stride + output;
    let words = vec4<u32>(quants[at], quants[at + stride], quants[at + 2u * stride], quants[at + 3u * stride]);
    let low = vec4<u32>(0x0f0f0f0fu);
    return BlockWords(words & low, (words >> vec4<u32>(4u)) & low);
}

// The weights of four columns of an output, without their scale: `word` is 0 to 7 in its block.
fn four_weights(block: u32, word: u32, stride: u32, output: u32) -> vec4<f32> {
    let bytes = quants[(block * 4u + word % 4u) * stride + output];
    return unpack((bytes >> (word / 4u * 4u)) & 0x0f0f0f0fu);
}
