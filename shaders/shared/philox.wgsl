// philox4x32_10(counter, key): four random words, a pure function of both (Salmon et al. 2011).
//
// 32-bit integers only. WGSL has no product of two words with both halves, so the high half is put together from 16-bit
// parts. Twin: src/sampling/philox.rs.

fn high_half(a: u32, b: u32) -> u32 {
    let a_low = a & 0xffffu;
    let a_high = a >> 16u;
    let b_low = b & 0xffffu;
    let b_high = b >> 16u;
    let middle = a_high * b_low + ((a_low * b_low) >> 16u); // at most (2^16 - 1)^2 + 2^16 - 1, below 2^32
    let other = a_low * b_high + (middle & 0xffffu);
    return a_high * b_high + (middle >> 16u) + (other >> 16u);
}

fn philox4x32_10(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
    var c = counter;
    var k = key;
    for (var turn = 0u; turn < 10u; turn++) {
        let first_high = high_half(0xd2511f53u, c.x);
        let first_low = 0xd2511f53u * c.x;
        let second_high = high_half(0xcd9e8d57u, c.z);
        let second_low = 0xcd9e8d57u * c.z;
        c = vec4<u32>(second_high ^ c.y ^ k.x, second_low, first_high ^ c.w ^ k.y, first_low);
        k = k + vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return c;
}

// Uniform strictly between 0 and 1, with 23 random bits; exact in f32.
fn uniform_number(word: u32) -> f32 {
    return (f32(word >> 9u) + 0.5) * (1.0 / 8388608.0);
}
