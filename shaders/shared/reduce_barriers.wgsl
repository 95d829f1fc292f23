// Reductions over all lanes of a workgroup, by halves: log2(LANES) barriers and two more each. Runs everywhere.
//
// What is given to every lane: the same value, in control flow that is uniform for the workgroup. The order of additions is
// always the same, so a sum grows with each of its terms. LANES, a power of two, is the kernel's constant. (Where the
// adapter is quicker with them, shared/reduce_subgroups takes this file's place.)

var<workgroup> numbers: array<f32, LANES>;
var<workgroup> tokens: array<u32, LANES>;

// Comes before all others, once an invocation.
fn begin_reductions(lane: u32) {}

fn sum_of(lane: u32, number: f32) -> f32 {
    numbers[lane] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            numbers[lane] = numbers[lane] + numbers[lane + reach];
        }
    }
    return workgroupUniformLoad(&numbers[0]);
}

fn largest_of(lane: u32, number: f32) -> f32 {
    numbers[lane] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            numbers[lane] = max(numbers[lane], numbers[lane + reach]);
        }
    }
    return workgroupUniformLoad(&numbers[0]);
}

// Whether one lane says so. The result is uniform to the compiler too: barriers may depend on it.
fn any_of(lane: u32, said: bool) -> bool {
    return largest_of(lane, select(0.0, 1.0, said)) > 0.0;
}

// The token with the largest score; the lowest of those whose scores are equal.
fn token_of_largest(lane: u32, score: f32, token: u32) -> u32 {
    numbers[lane] = score;
    tokens[lane] = token;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            let other = numbers[lane + reach];
            let other_token = tokens[lane + reach];
            if other > numbers[lane] || (other == numbers[lane] && other_token < tokens[lane]) {
                numbers[lane] = other;
                tokens[lane] = other_token;
            }
        }
    }
    return workgroupUniformLoad(&tokens[0]);
}
