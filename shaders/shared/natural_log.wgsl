// natural_log(x): the logarithm of a normal positive number, from additions, products and one division.
//
//     x = 2^k m, m in [sqrt(1/2), sqrt(2));  ln x = k ln 2 + 2 atanh((m - 1) / (m + 1))
//
// WGSL's own log may be off by 2^-21 near 1, more than the value there; the noise of the tokens that win a draw comes
// from exactly there. Twin: src/sampling/elementary.rs.

fn natural_log(x: f32) -> f32 {
    let root_half = 0x3f3504f3u;
    let shifted = bitcast<u32>(x) - root_half;
    let k = f32(bitcast<i32>(shifted) >> 23u);
    let m = bitcast<f32>((shifted & 0x007fffffu) + root_half);
    let f = m - 1.0;
    let s = f / (f + 2.0);
    let z = s * s;
    let tail = z * (0.6666666667 + z * (0.4 + z * (0.2857142857 + z * 0.2222222222)));
    return k * 0.693359375 + (f + (s * (tail - f) + k * -2.1219444e-4));
}
