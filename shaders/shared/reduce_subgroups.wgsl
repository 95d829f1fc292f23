// Reductions over all lanes of a workgroup, by subgroup operations: each subgroup reduces its lanes, then every lane reduces what
// the subgroups found. One barrier each. Takes the place of shared/reduce_barriers; LANES is the kernel's constant.
//
// Nothing is assumed of subgroups: neither their size, nor which lanes they hold, nor that they are full. They are numbered in
// the order of their first lanes. Every lane is given the same value, since all of them add up the same parts in the same
// order. How a subgroup adds is the adapter's choice, but one made with the pipeline, so the order does not change and a sum
// grows with each of its terms.
//
// Must be called in control flow that is uniform for the workgroup. To the compiler only any_of's result is uniform. Two halves of
// `parts` take turns, so that a lane which is late may still read one while others write the other.

var<workgroup> leaders: array<atomic<u32>, (LANES + 31u) / 32u>; // a bit for each lane that is the first of its subgroup
var<workgroup> parts: array<u32, 2u * LANES>; // what subgroups found, as words: floats or tokens
var<workgroup> verdict: u32;

var<private> subgroup: u32;
var<private> subgroups: u32;
var<private> leads: bool;
var<private> half: u32;

// Comes before all others, once an invocation: numbers the subgroups.
fn begin_reductions(lane: u32) {
    let first = subgroupMin(lane);
    leads = lane == first;
    if leads {
        atomicOr(&leaders[lane / 32u], 1u << (lane % 32u));
    }
    workgroupBarrier();
    for (var word = 0u; word < (LANES + 31u) / 32u; word++) {
        let bits = atomicLoad(&leaders[word]);
        subgroups += countOneBits(bits);
        if word < first / 32u {
            subgroup += countOneBits(bits);
        } else if word == first / 32u {
            subgroup += countOneBits(bits & ((1u << (first % 32u)) - 1u));
        }
    }
}

// Hands on what a subgroup found, and waits for the others'. Returns where they begin.
fn gather(part: u32) -> u32 {
    let start = half;
    half = LANES - half;
    if leads {
        parts[start + subgroup] = part;
    }
    workgroupBarrier();
    return start;
}

// A part; past the last one, the last again.
fn part_at(start: u32, index: u32) -> u32 {
    return parts[start + min(index, subgroups - 1u)];
}

// Loops take four parts at a time, so that reads are under way together.

fn sum_of(lane: u32, number: f32) -> f32 {
    let start = gather(bitcast<u32>(subgroupAdd(number)));
    var sum = 0.0;
    for (var i = 0u; i < subgroups; i += 4u) {
        let four = bitcast<vec4<f32>>(vec4<u32>(
            part_at(start, i), part_at(start, i + 1u), part_at(start, i + 2u), part_at(start, i + 3u),
        ));
        let there = vec4<u32>(i, i + 1u, i + 2u, i + 3u) < vec4<u32>(subgroups);
        let terms = select(vec4<f32>(0.0), four, there);
        sum += (terms.x + terms.y) + (terms.z + terms.w);
    }
    return sum;
}

fn largest_of(lane: u32, number: f32) -> f32 {
    let start = gather(bitcast<u32>(subgroupMax(number)));
    var largest = bitcast<f32>(parts[start]);
    for (var i = 1u; i < subgroups; i += 4u) {
        let four = bitcast<vec4<f32>>(vec4<u32>(
            part_at(start, i), part_at(start, i + 1u), part_at(start, i + 2u), part_at(start, i + 3u),
        ));
        largest = max(largest, max(max(four.x, four.y), max(four.z, four.w)));
    }
    return largest;
}

fn lowest_of(lane: u32, token: u32) -> u32 {
    let start = gather(subgroupMin(token));
    var lowest = parts[start];
    for (var i = 1u; i < subgroups; i += 4u) {
        let first = min(part_at(start, i), part_at(start, i + 1u));
        lowest = min(lowest, min(first, min(part_at(start, i + 2u), part_at(start, i + 3u))));
    }
    return lowest;
}

// Whether one lane says so. The result is uniform to the compiler too: barriers may depend on it.
fn any_of(lane: u32, said: bool) -> bool {
    let largest = largest_of(lane, select(0.0, 1.0, said));
    if lane == 0u {
        verdict = u32(largest);
    }
    return workgroupUniformLoad(&verdict) == 1u;
}

// The token with the largest score; the lowest of those whose scores are equal.
fn token_of_largest(lane: u32, score: f32, token: u32) -> u32 {
    let largest = largest_of(lane, score);
    return lowest_of(lane, select(0xffffffffu, token, score == largest));
}
