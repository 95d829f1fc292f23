// The four signed bytes of a word, the first in the lowest bits.
fn unpack(word: u32) -> vec4<f32> {
    let high = vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u);
    return vec4<f32>(high >> vec4<u32>(24u));
}
