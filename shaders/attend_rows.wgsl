// attend_rows: attention of one new token a row, over a prefix that rows share and over the row's own tokens.
//
//     position[r] = prefix tokens + own tokens of row r
//     q, k, v of head h: slices of projected[r];  q and k are turned by RoPE to that position, k and v are stored
//     mixed[r, h] = sum over p of  w[p] v[p],   w = softmax(q . k[p] / sqrt(length)),   p over prefix, own tokens, new token
//
// Shapes (any number of rows):
//     shape      rows, prefix (tokens that the prefix buffers hold), capacity (own tokens a slot can hold), unused
//     places     [rows, 4]                                  u32: slot, own tokens before this one, first and number of
//                                                           its prefix's tokens
//     turns      [context, half]                            cosine and sine of each position and pair
//     projected  [rows, (heads + 2 kv_heads) * length]      f32: queries, keys, values
//     prefix_keys, prefix_values  [kv_heads, prefix, length]           f32, keys turned
//     own_keys, own_values        [slots, kv_heads, capacity, length]  f32; the new token's are written
//     mixed      [rows, heads * length]                     f32
//
// Softmax is exact: running largest score and sum over chunks of {{ lanes }} * 4 positions (Milakov and Gimelshein 2018).
// Each head has {{ lanes }} lanes: first a lane scores positions, then it mixes components. Heads reduce by barriers alone: a
// subgroup may hold lanes of several heads, and WGSL does not say which lanes it holds.
//
// Dispatch: (rows, kv_heads) workgroups, at most 65,535 rows at once; each goes on in steps of their number.
// {{ group }} heads a key head x {{ lanes }} lanes = at most 256 invocations; at most 9 KiB of workgroup memory.
// Permutations by {{ group }}, {{ lanes }} (a power of two), {{ length }} (a multiple of 4, at most 256), {{ half }} (pairs that turn).
// Twin: src/kernels/cpu/attend_rows.rs.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> places: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> turns: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read> projected: array<f32>;
@group(0) @binding(4) var<storage, read> prefix_keys: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> prefix_values: array<f32>;
@group(0) @binding(6) var<storage, read_write> own_keys: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> own_values: array<f32>;
@group(0) @binding(8) var<storage, read_write> mixed: array<f32>;

const GROUP = {{ group }}u;
const LANES = {{ lanes }}u;
const KV_HEADS = {{ kv_heads }}u;
const LENGTH = {{ length }}u;
const HALF = {{ half }}u;
const FOURS = LENGTH / 4u;
const THREADS = GROUP * LANES;
const CHUNK = LANES * 4u; // a lane scores four positions
const PARTS = (LENGTH + LANES - 1u) / LANES; // components that a lane mixes, at most four
const LOWEST = -3.4028234e38;

var<workgroup> query: array<vec4<f32>, GROUP * FOURS>;
var<workgroup> weights: array<f32, GROUP * CHUNK>;
var<workgroup> lanes: array<f32, THREADS>;

// Component d of a head that begins at `start`, turned to a position.
fn turned(start: u32, d: u32, position: u32) -> f32 {
    if d < HALF {
        let turn = turns[position * HALF + d];
        return projected[start + d] * turn.x - projected[start + d + HALF] * turn.y;
    }
    if d < 2u * HALF {
        let turn = turns[position * HALF + d - HALF];
        return projected[start + d - HALF] * turn.y + projected[start + d] * turn.x;
    }
    return projected[start + d];
}

fn turned_four(start: u32, d: u32, position: u32) -> vec4<f32> {
    return vec4<f32>(
        turned(start, d, position),
        turned(start, d + 1u, position),
        turned(start, d + 2u, position),
        turned(start, d + 3u, position),
    );
}

fn largest_of_head(thread: u32, number: f32) -> f32 {
    let lane = thread % LANES;
    lanes[thread] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            lanes[thread] = max(lanes[thread], lanes[thread + reach]);
        }
    }
    workgroupBarrier();
    let largest = lanes[thread - lane];
    workgroupBarrier();
    return largest;
}

fn sum_of_head(thread: u32, number: f32) -> f32 {
    let lane = thread % LANES;
    lanes[thread] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            lanes[thread] = lanes[thread] + lanes[thread + reach];
        }
    }
    workgroupBarrier();
    let sum = lanes[thread - lane];
    workgroupBarrier();
    return sum;
}

// Query times key, for a key of the prefix and for one of the row's own that begin at `start`. Loops are taken four at a time
// where they can be, so that reads are under way together.
fn prefix_score(head: u32, start: u32) -> f32 {
    let q = head * FOURS;
    var score = 0.0;
    for (var four = 0u; four < FOURS / 4u * 4u; four += 4u) {
        score += (dot(query[q + four], prefix_keys[start + four]) + dot(query[q + four + 1u], prefix_keys[start + four + 1u]))
            + (dot(query[q + four + 2u], prefix_keys[start + four + 2u]) + dot(query[q + four + 3u], prefix_keys[start + four + 3u]));
    }
    for (var four = FOURS / 4u * 4u; four < FOURS; four++) {
        score += dot(query[q + four], prefix_keys[start + four]);
    }
    return score;
}

fn own_score(head: u32, start: u32) -> f32 {
    let q = head * FOURS;
    var score = 0.0;
    for (var four = 0u; four < FOURS / 4u * 4u; four += 4u) {
        score += (dot(query[q + four], own_keys[start + four]) + dot(query[q + four + 1u], own_keys[start + four + 1u]))
            + (dot(query[q + four + 2u], own_keys[start + four + 2u]) + dot(query[q + four + 3u], own_keys[start + four + 3u]));
    }
    for (var four = FOURS / 4u * 4u; four < FOURS; four++) {
        score += dot(query[q + four], own_keys[start + four]);
    }
    return score;
}

// Where a row's tokens are, in tokens from the beginning of the buffers.
struct Tokens {
    prefix_start: u32,
    shared_tokens: u32,
    own_start: u32,
    position: u32,
}

fn score(tokens: Tokens, head: u32, p: u32) -> f32 {
    if p > tokens.position {
        return LOWEST;
    }
    if p < tokens.shared_tokens {
        return prefix_score(head, (tokens.prefix_start + p) * FOURS);
    }
    return own_score(head, (tokens.own_start + p - tokens.shared_tokens) * FOURS);
}

fn weight(tokens: Tokens, score: f32, largest: f32, p: u32) -> f32 {
    return select(0.0, exp(max(score - largest, -100.0)), p <= tokens.position);
}

// What the positions of a chunk add to component d.
fn mix(tokens: Tokens, head: u32, first: u32, d: u32) -> f32 {
    let past = min(tokens.position + 1u, first + CHUNK);
    let edge = clamp(tokens.shared_tokens, first, past);
    let w = head * CHUNK - first;
    var sum = 0.0;
    var p = first;
    var at = (tokens.prefix_start + first) * LENGTH + d;
    for (; p + 4u <= edge; p += 4u) {
        sum += (weights[w + p] * prefix_values[at] + weights[w + p + 1u] * prefix_values[at + LENGTH])
            + (weights[w + p + 2u] * prefix_values[at + 2u * LENGTH] + weights[w + p + 3u] * prefix_values[at + 3u * LENGTH]);
        at += 4u * LENGTH;
    }
    for (; p < edge; p++) {
        sum += weights[w + p] * prefix_values[at];
        at += LENGTH;
    }
    at = (tokens.own_start + edge - tokens.shared_tokens) * LENGTH + d;
    for (; p + 4u <= past; p += 4u) {
        sum += (weights[w + p] * own_values[at] + weights[w + p + 1u] * own_values[at + LENGTH])
            + (weights[w + p + 2u] * own_values[at + 2u * LENGTH] + weights[w + p + 3u] * own_values[at + 3u * LENGTH]);
        at += 4u * LENGTH;
    }
    for (; p < past; p++) {
        sum += weights[w + p] * own_values[at];
        at += LENGTH;
    }
    return sum;
}

fn put(row: u32, head: u32, d: u32, component: f32) {
    if d < LENGTH {
        mixed[(row * KV_HEADS * GROUP + head) * LENGTH + d] = component;
    }
}

fn attend(row: u32, kv_head: u32, thread: u32) {
    let place = places[row];
    let own_tokens = min(place.y, shape.z - 1u);
    let position = place.w + own_tokens;
    let own_start = (place.x * KV_HEADS + kv_head) * shape.z;
    let tokens = Tokens(kv_head * shape.y + place.z, place.w, own_start, position);
    let head = thread / LANES;
    let lane = thread % LANES;

    // 1. Queries are turned; the new token's key and value are stored.
    let width = (GROUP + 2u) * KV_HEADS * LENGTH;
    let first_query = row * width + kv_head * GROUP * LENGTH;
    for (var i = thread; i < GROUP * FOURS; i += THREADS) {
        let start = first_query + (i / FOURS) * LENGTH;
        query[i] = turned_four(start, (i % FOURS) * 4u, position) * inverseSqrt(f32(LENGTH));
    }
    let first_key = row * width + (GROUP * KV_HEADS + kv_head) * LENGTH;
    let first_value = first_key + KV_HEADS * LENGTH;
    let newest = own_start + own_tokens;
    for (var i = thread; i < FOURS; i += THREADS) {
        own_keys[newest * FOURS + i] = turned_four(first_key, i * 4u, position);
    }
    for (var d = thread; d < LENGTH; d += THREADS) {
        own_values[newest * LENGTH + d] = projected[first_value + d];
    }
    storageBarrier();
    workgroupBarrier();

    // 2. Chunk by chunk: scores, then the components that they weigh. A lane's numbers are in vectors and not in arrays,
    //    which not every compiler keeps in registers.
    var largest = LOWEST;
    var sum = 0.0;
    var components = vec4<f32>(0.0);
    for (var first = 0u; first <= position; first += CHUNK) {
        let p = first + lane;
        let scores = vec4<f32>(
            score(tokens, head, p),
            score(tokens, head, p + LANES),
            score(tokens, head, p + 2u * LANES),
            score(tokens, head, p + 3u * LANES),
        );
        let before = largest;
        largest = max(before, largest_of_head(thread, max(max(scores.x, scores.y), max(scores.z, scores.w))));
        let shrink = exp(max(before - largest, -100.0));
        let four = vec4<f32>(
            weight(tokens, scores.x, largest, p),
            weight(tokens, scores.y, largest, p + LANES),
            weight(tokens, scores.z, largest, p + 2u * LANES),
            weight(tokens, scores.w, largest, p + 3u * LANES),
        );
        let at = head * CHUNK + lane;
        weights[at] = four.x;
        weights[at + LANES] = four.y;
        weights[at + 2u * LANES] = four.z;
        weights[at + 3u * LANES] = four.w;
        sum = sum * shrink + ((four.x + four.y) + (four.z + four.w));
        workgroupBarrier();
        components *= shrink;
        components.x += mix(tokens, head, first, min(lane, LENGTH - 1u));
        if PARTS > 1u {
            components.y += mix(tokens, head, first, min(lane + LANES, LENGTH - 1u));
        }
        if PARTS > 2u {
            components.z += mix(tokens, head, first, min(lane + 2u * LANES, LENGTH - 1u));
        }
        if PARTS > 3u {
            components.w += mix(tokens, head, first, min(lane + 3u * LANES, LENGTH - 1u));
        }
        workgroupBarrier();
    }

    // 3. The sum of all weights is shared out over the lanes.
    let whole = sum_of_head(thread, sum);
    let of_all = kv_head * GROUP + head;
    put(row, of_all, lane, components.x / whole);
    if PARTS > 1u {
        put(row, of_all, lane + LANES, components.y / whole);
    }
    if PARTS > 2u {
        put(row, of_all, lane + 2u * LANES, components.z / whole);
    }
    if PARTS > 3u {
        put(row, of_all, lane + 3u * LANES, components.w / whole);
    }
}

@compute @workgroup_size({{ threads }})
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    for (var row = group.x; row < shape.x; row += groups.x) {
        attend(row, group.y, thread);
        workgroupBarrier();
    }
}
