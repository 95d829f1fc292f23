// draw_row(lane, row, start, vocabulary, outcome): draws one token from a row of logits.
//
//     id = argmax over kept tokens of (logit / T + g),   g = -ln(-ln u),   u = philox(token, step, row; seed)
//     kept: the logit is at least the row's threshold, which top-k and then top-p set (src/sampling/truncate.rs)
//     entropy = ln S - sum(w l) / S,   log_prob = l[id] - ln S,   l = logit - largest,   w = exp(l),   S = sum w   (T = 1)
//
// Of the kernel, which has them where it wants them:
//     logits    f32, those of the row from `start` on; in storage or in the workgroup's memory
//     draws     [rows, 8]   u32: 1 / T (f32 bits), flags (bit 0: greedy), top-k, top-p (f32 bits), seed, row, step, unused
//     outcomes  u32, from `outcome` on: id, log_prob (f32 bits), entropy (f32 bits), 0 or, if a logit is no number, 1
//     LANES     invocations of the workgroup, all of which take part
//
// Any vocabulary below 2^24, so that counts are exact in f32. 32 bytes of workgroup memory, and the reductions'.
// Twin: src/kernels/cpu/sample_rows.rs. Needs shared/philox, shared/natural_log and shared/reduce_barriers or
// shared/reduce_subgroups.

const STREAM = 0x5448524du; // PHILOX_STREAM in src/sampling/philox.rs
const LOWEST = -3.4028234e38; // stands for minus infinity, which WGSL has not
const LARGEST_SCORE = 3.0e38;

var<workgroup> draw: array<u32, 8>;

// Numbers in the order of their values, as words.
fn key_of(number: f32) -> u32 {
    let bits = bitcast<u32>(number);
    return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn number_of(key: u32) -> f32 {
    return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u));
}

// The top_k-th largest logit: the largest key that at least top_k tokens reach, found bit by bit.
fn edge_of_top_k(lane: u32, start: u32, vocabulary: u32, top_k: u32) -> f32 {
    var edge = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit = bit >> 1u) {
        let candidate = edge | bit;
        var reached = 0.0;
        for (var i = lane; i < vocabulary; i += LANES) {
            reached += select(0.0, 1.0, key_of(logits[start + i]) >= candidate);
        }
        if sum_of(lane, reached) >= f32(top_k) {
            edge = candidate;
        }
    }
    return number_of(edge);
}

// Probability mass, up to a factor, of the tokens at or above both bounds.
fn mass_above(lane: u32, start: u32, vocabulary: u32, lowest: f32, key: u32, largest: f32, inverse: f32) -> f32 {
    var mass = 0.0;
    for (var i = lane; i < vocabulary; i += LANES) {
        let logit = logits[start + i];
        if logit >= lowest && key_of(logit) >= key {
            mass += exp(max((logit - largest) * inverse, -100.0));
        }
    }
    return sum_of(lane, mass);
}

// The largest logit such that the tokens at or above it hold top_p of the mass that top-k left.
fn edge_of_top_p(
    lane: u32, start: u32, vocabulary: u32, lowest: f32, largest: f32, inverse: f32, top_p: f32,
) -> f32 {
    let wanted = top_p * mass_above(lane, start, vocabulary, lowest, 0u, largest, inverse);
    var edge = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit = bit >> 1u) {
        let candidate = edge | bit;
        if mass_above(lane, start, vocabulary, lowest, candidate, largest, inverse) >= wanted {
            edge = candidate;
        }
    }
    return number_of(edge);
}

// One token of a row whose logits begin at `start`; what came of it stands at `outcome`, in words.
fn draw_row(lane: u32, row: u32, start: u32, vocabulary: u32, outcome: u32) {
    if lane < 8u {
        draw[lane] = draws[row * 8u + lane];
    }

    // 1. The largest logit, and whether all are numbers: neither NaN nor infinite, by their bits.
    var largest = LOWEST;
    var broken = false;
    for (var i = lane; i < vocabulary; i += LANES) {
        let logit = logits[start + i];
        if (bitcast<u32>(logit) & 0x7f800000u) == 0x7f800000u {
            broken = true;
        } else {
            largest = max(largest, logit);
        }
    }
    largest = largest_of(lane, largest);
    if any_of(lane, broken) {
        if lane < 4u {
            outcomes[outcome + lane] = select(0u, 1u, lane == 3u);
        }
        return;
    }

    // 2. The distribution at T = 1.
    var sum = 0.0;
    var weighted = 0.0;
    for (var i = lane; i < vocabulary; i += LANES) {
        let shifted = max(logits[start + i] - largest, -1.0e30);
        let weight = exp(shifted);
        sum += weight;
        weighted += weight * shifted;
    }
    sum = sum_of(lane, sum);
    weighted = sum_of(lane, weighted);

    // 3. The threshold.
    let inverse = bitcast<f32>(workgroupUniformLoad(&draw[0]));
    let greedy = (workgroupUniformLoad(&draw[1]) & 1u) == 1u;
    let top_k = workgroupUniformLoad(&draw[2]);
    let top_p = bitcast<f32>(workgroupUniformLoad(&draw[3]));
    var lowest = LOWEST;
    if top_k < vocabulary {
        lowest = edge_of_top_k(lane, start, vocabulary, top_k);
    }
    if top_p < 1.0 {
        lowest = edge_of_top_p(lane, start, vocabulary, lowest, largest, inverse, top_p);
    }

    // 4. The noisy argmax: the first of equals. Four tokens share one call of the generator.
    var best = LOWEST;
    var best_token = 0xffffffffu;
    for (var block = lane; block * 4u < vocabulary; block += LANES) {
        var words = vec4<u32>(0u);
        if !greedy {
            words = philox4x32_10(vec4<u32>(block, draw[6], draw[5], 0u), vec2<u32>(draw[4], STREAM));
        }
        for (var part = 0u; part < 4u; part++) {
            let token = block * 4u + part;
            if token < vocabulary {
                let logit = logits[start + token];
                if logit >= lowest {
                    var score = clamp(logit * inverse, -LARGEST_SCORE, LARGEST_SCORE);
                    if !greedy {
                        score = score - natural_log(-natural_log(uniform_number(words[part])));
                    }
                    if score > best {
                        best = score;
                        best_token = token;
                    }
                }
            }
        }
    }
    let id = token_of_largest(lane, best, best_token);

    if lane == 0u {
        let log_sum = natural_log(sum);
        outcomes[outcome] = id;
        outcomes[outcome + 1u] = bitcast<u32>(logits[start + id] - largest - log_sum);
        outcomes[outcome + 2u] = bitcast<u32>(max(log_sum - weighted / sum, 0.0));
        outcomes[outcome + 3u] = 0u;
    }
}
