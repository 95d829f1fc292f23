// decode_rows: takes each row through some steps of a small model, from its newest token to the tokens drawn after it.
//
//     a step: the newest token's embedding; in each block attention and SwiGLU, each behind RMSNorm and added to the stream;
//     RMSNorm and the output's product; a draw. As embed_rows, project_rows, attend_rows and sample_rows one after the other.
//
// A workgroup takes a row through the whole model. No workgroup waits for another, so that steps follow each other within one
// dispatch, and what a token needs is in the workgroup's memory; in exchange every row reads all weights, which must
// therefore be few enough to stay in the card's caches.
//
// Shapes (any number of rows and steps):
//     shape     rows, steps, capacity (own tokens that a slot can hold), most steps that outcomes have room for
//     quants    u32, of matrices one behind the other: of each block queries, keys and values; attention's output; gate and up;
//               down; then the output; then, unless it is tied, the embedding. Each [words, outputs]: see shared/q8_0, shared/q4_0
//     floats    f32: of each block the gains of both norms and, in the same order, the matrices' scales, [columns / 32, outputs]
//               each; then the output's gains and its scales; then, unless it is tied, the embedding's; then the turns,
//               [context, half, 2]: cosine and sine of each position and pair
//     prefixes  prompts one behind the other, each [blocks, 2 (keys, turned; values), kv_heads, its tokens, length] f32
//     own       [slots, blocks, 2, kv_heads, capacity, length] f32; the new tokens' are written
//     places    [rows, 4]  u32: slot, own tokens before the newest was drawn, tokens of all prompts before its own, its tokens
//     draws     [rows, 8]  u32: see shared/draw_row, and last the newest token
//     outcomes  [rows, most steps, 4]  u32: see shared/draw_row
//
// To read a prompt there is one row, the steps are its tokens, which draws holds, own is the prompt's part of prefixes (capacity is
// its length), places and prefixes are not used, and outcomes are the logits after its last token, [vocabulary] f32.
//
// places, and of draws step and newest token, move on. An id outside the vocabulary, which only a broken row has, reads the last token.
//
// Dispatch: one workgroup a row, at most 65,535 of them; each goes on in steps of their number. 256 invocations.
// Permutations: reading a prompt or drawing; by the model's shape: width, heads * length at most 1,024, a multiple of 4; as many logits and scores as the
// workgroup's memory has room for. Twin: src/kernels/cpu/decode_rows.rs. Needs shared/q8_0 or shared/q4_0, and
// shared/draw_row with what that needs.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> quants: array<u32>;
@group(0) @binding(2) var<storage, read> floats: array<f32>;
@group(0) @binding(3) var<storage, read> prefixes: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> own: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> places: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> draws: array<u32>;
@group(0) @binding(7) var<storage, read_write> outcomes: array<u32>;

const LANES = 256u;

// The model.
const WIDTH = {{ width }}u;
const INNER = {{ inner }}u;
const HEADS = {{ heads }}u;
const KV_HEADS = {{ kv_heads }}u;
const LENGTH = {{ length }}u;
const HALF = {{ half }}u; // pairs that RoPE turns
const BLOCKS = {{ blocks }}u;
const VOCABULARY = {{ vocabulary }}u;
const CONTEXT = {{ context }}u;
const EPSILON = f32({{ epsilon }});
const TIED = {{ tied }};
const WORDS = {{ words }}u; // of 32 weights
const READS = {{ reads }}; // a prompt

const QUERIES = HEADS * LENGTH;
const PROJECTED = QUERIES + 2u * KV_HEADS * LENGTH;
const GROUP = HEADS / KV_HEADS;
const FOURS = LENGTH / 4u; // of a head
const QUERY_FOURS = HEADS * FOURS;
const KEY_FOURS = KV_HEADS * FOURS;

// Where things are in `quants` and `floats`. A weight's place is known by its block of 32 columns, counted from the first matrix.
const OF_PROJECTED = WIDTH / 32u * PROJECTED;
const OF_OUT = QUERIES / 32u * WIDTH;
const OF_GATE_UP = WIDTH / 32u * 2u * INNER;
const OF_DOWN = INNER / 32u * WIDTH;
const OF_BLOCK = OF_PROJECTED + OF_OUT + OF_GATE_UP + OF_DOWN;
const OF_OUTPUT = WIDTH / 32u * VOCABULARY;
const FLOATS_OF_BLOCK = 2u * WIDTH + OF_BLOCK;
const OUTPUT_GAINS = BLOCKS * FLOATS_OF_BLOCK;
const OUTPUT_SCALES = OUTPUT_GAINS + WIDTH;
const OUTPUT_QUANTS = BLOCKS * OF_BLOCK * WORDS;
const EMBEDDING_SCALES = OUTPUT_SCALES + select(OF_OUTPUT, 0u, TIED);
const EMBEDDING_QUANTS = OUTPUT_QUANTS + select(OF_OUTPUT, 0u, TIED) * WORDS;
const TURNS = EMBEDDING_SCALES + OF_OUTPUT;

// A block's products, and the output's.
const PROJECT = 0u;
const OUT = 1u;
const GATE_UP = 2u;
const DOWN = 3u;
const OUTPUT = 4u;

// How lanes share out what has fewer outputs than there are lanes.
const OUT_SLICES = clamp(LANES / WIDTH, 1u, QUERIES / 32u);
const DOWN_SLICES = clamp(LANES / WIDTH, 1u, INNER / 32u);
const PROJECTED_SLICES = clamp(LANES / PROJECTED, 1u, WIDTH / 32u);
const GATE_UP_SLICES = clamp(LANES / (2u * INNER), 1u, WIDTH / 32u);
const HEAD_LANES = LANES / HEADS; // that score positions
const PARTIALS = min(16u, HEAD_LANES); // a head's scores are summed up in so many parts first
const MIX_SLICES = LANES / QUERY_FOURS;

const SCORES = HEADS * CONTEXT;
const LARGEST_PRODUCT = max(
    max(PROJECTED * PROJECTED_SLICES, 2u * INNER * GATE_UP_SLICES),
    max(WIDTH * max(OUT_SLICES, DOWN_SLICES), VOCABULARY),
);

// What products read.
var<workgroup> input: array<vec4<f32>, max(WIDTH / 4u, max(QUERY_FOURS, INNER / 4u))>;
// What products leave: at last the logits. While a row attends, scores, and behind them what slices of positions mix.
var<workgroup> logits: array<f32, max(LARGEST_PRODUCT, SCORES + QUERIES * MIX_SLICES)>;
// Largest score, and sum of the weights relative to it.
var<workgroup> partials: array<vec2<f32>, PARTIALS * HEADS>;

// Four components of the residual stream, in the first lanes.
var<private> stream: vec4<f32>;

// What the weights of a block of 32 columns, without their scale, and its input from `at` on give, in four parts of the sum.
fn of_block(words: BlockWords, at: u32) -> vec4<f32> {
    var four = unpack(words.first.x) * input[at];
    four += unpack(words.first.y) * input[at + 1u];
    four += unpack(words.first.z) * input[at + 2u];
    four += unpack(words.first.w) * input[at + 3u];
    four += unpack(words.second.x) * input[at + 4u];
    four += unpack(words.second.y) * input[at + 5u];
    four += unpack(words.second.z) * input[at + 6u];
    four += unpack(words.second.w) * input[at + 7u];
    return four;
}

// logits[slice * outputs + output] = what a slice of the blocks of 32 columns adds to an output. Blocks are taken two at a time, so
// that their reads are under way together.
fn products(quants_at: u32, scales_at: u32, blocks: u32, outputs: u32, slices: u32, lane: u32) {
    for (var item = lane; item < outputs * slices; item += LANES) {
        let output = item % outputs;
        var sum = vec4<f32>(0.0);
        var block = item / outputs;
        for (; block + slices < blocks; block += 2u * slices) {
            let words = block_words(block, outputs, quants_at + output);
            let words_of_next = block_words(block + slices, outputs, quants_at + output);
            let scale = floats[scales_at + block * outputs + output];
            let scale_of_next = floats[scales_at + (block + slices) * outputs + output];
            sum += scale * of_block(words, block * 8u);
            sum += scale_of_next * of_block(words_of_next, (block + slices) * 8u);
        }
        if block < blocks {
            let words = block_words(block, outputs, quants_at + output);
            sum += floats[scales_at + block * outputs + output] * of_block(words, block * 8u);
        }
        logits[item] = (sum.x + sum.y) + (sum.z + sum.w);
    }
    workgroupBarrier();
}

// Adds the product that was left in so many slices to the stream.
fn add_to_stream(slices: u32, lane: u32) {
    if lane < WIDTH / 4u {
        for (var slice = 0u; slice < slices; slice++) {
            stream += four_logits(slice * WIDTH + lane * 4u);
        }
    }
}

fn four_logits(at: u32) -> vec4<f32> {
    return vec4<f32>(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
}

// The stream, normed, is what the next product reads.
fn norm(gains_at: u32, lane: u32) {
    let squares = sum_of(lane, dot(stream, stream));
    if lane < WIDTH / 4u {
        let at = gains_at + lane * 4u;
        let gains = vec4<f32>(floats[at], floats[at + 1u], floats[at + 2u], floats[at + 3u]);
        input[lane] = stream * gains * inverseSqrt(squares / f32(WIDTH) + EPSILON);
    }
    workgroupBarrier();
}

// A component of what queries, keys and values were projected to.
fn projected(component: u32) -> f32 {
    var sum = logits[component];
    for (var slice = 1u; slice < PROJECTED_SLICES; slice++) {
        sum += logits[slice * PROJECTED + component];
    }
    return sum;
}

fn four_projected(at: u32) -> vec4<f32> {
    return vec4<f32>(projected(at), projected(at + 1u), projected(at + 2u), projected(at + 3u));
}

// Component d of a head that begins at `start`, turned to a position.
fn turned(start: u32, d: u32, position: u32) -> f32 {
    if d < HALF {
        let turn = TURNS + (position * HALF + d) * 2u;
        return projected(start + d) * floats[turn] - projected(start + d + HALF) * floats[turn + 1u];
    }
    if d < 2u * HALF {
        let turn = TURNS + (position * HALF + d - HALF) * 2u;
        return projected(start + d - HALF) * floats[turn + 1u] + projected(start + d) * floats[turn];
    }
    return projected(start + d);
}

fn four_turned(four: u32, position: u32) -> vec4<f32> {
    let start = four / FOURS * LENGTH;
    let d = four % FOURS * 4u;
    return vec4<f32>(
        turned(start, d, position),
        turned(start, d + 1u, position),
        turned(start, d + 2u, position),
        turned(start, d + 3u, position),
    );
}

// Where a row's keys are in a block, the first key head's: its values are `*_values` further, the next heads' `*_head`. In fours.
struct Place {
    prefix: u32,
    prefix_head: u32,
    prefix_tokens: u32,
    own: u32,
    own_head: u32,
    own_tokens: u32,
}

// Turns queries, keeps the newest token's key and value.
fn turn(at: Place, lane: u32) {
    let position = at.prefix_tokens + at.own_tokens;
    for (var four = lane; four < QUERY_FOURS + 2u * KEY_FOURS; four += LANES) {
        if four < QUERY_FOURS {
            input[four] = four_turned(four, position) * inverseSqrt(f32(LENGTH));
        } else {
            let of_keys = four - QUERY_FOURS;
            let to = at.own + of_keys / FOURS * at.own_head + at.own_tokens * FOURS + of_keys % FOURS;
            if of_keys < KEY_FOURS {
                own[to] = four_turned(four, position);
            } else {
                // Key heads go before in both.
                own[to] = four_projected(four * 4u);
            }
        }
    }
    storageBarrier();
    workgroupBarrier();
}

// Scores every position for every head: logits[position * HEADS + head].
fn score(at: Place, lane: u32) {
    let head = lane % HEADS;
    let query = head * FOURS;
    let first = lane / HEADS;
    if first < HEAD_LANES {
        let prefix = at.prefix + head / GROUP * at.prefix_head;
        for (var p = first; p < at.prefix_tokens; p += HEAD_LANES) {
            var sums = vec4<f32>(0.0);
            for (var four = 0u; four < FOURS; four++) {
                sums += input[query + four] * prefixes[prefix + p * FOURS + four];
            }
            logits[p * HEADS + head] = (sums.x + sums.y) + (sums.z + sums.w);
        }
        let mine = at.own + head / GROUP * at.own_head;
        for (var p = first; p <= at.own_tokens; p += HEAD_LANES) {
            var sums = vec4<f32>(0.0);
            for (var four = 0u; four < FOURS; four++) {
                sums += input[query + four] * own[mine + p * FOURS + four];
            }
            logits[(at.prefix_tokens + p) * HEADS + head] = (sums.x + sums.y) + (sums.z + sums.w);
        }
    }
    workgroupBarrier();
    // Their largest and the sum of their weights, in parts.
    let positions = at.prefix_tokens + at.own_tokens + 1u;
    if first < PARTIALS {
        var largest = LOWEST;
        for (var p = first; p < positions; p += PARTIALS) {
            largest = max(largest, logits[p * HEADS + head]);
        }
        var sum = 0.0;
        for (var p = first; p < positions; p += PARTIALS) {
            sum += exp(max(logits[p * HEADS + head] - largest, -100.0));
        }
        partials[first * HEADS + head] = vec2<f32>(largest, sum);
    }
    workgroupBarrier();
}

// Mixes values by the softmax of the scores, into what the next product reads.
fn mix_values(at: Place, lane: u32) {
    let four = lane % QUERY_FOURS;
    let slice = lane / QUERY_FOURS;
    let head = four / FOURS;
    if slice < MIX_SLICES {
        var largest = LOWEST;
        for (var part = 0u; part < PARTIALS; part++) {
            largest = max(largest, partials[part * HEADS + head].x);
        }
        var whole = 0.0;
        for (var part = 0u; part < PARTIALS; part++) {
            let partial = partials[part * HEADS + head];
            whole += partial.y * exp(max(partial.x - largest, -100.0));
        }
        var sum = vec4<f32>(0.0);
        let prefix = at.prefix + (KV_HEADS + head / GROUP) * at.prefix_head + four % FOURS;
        for (var p = slice; p < at.prefix_tokens; p += MIX_SLICES) {
            let weight = exp(max(logits[p * HEADS + head] - largest, -100.0));
            sum += weight * prefixes[prefix + p * FOURS];
        }
        let mine = at.own + (KV_HEADS + head / GROUP) * at.own_head + four % FOURS;
        for (var p = slice; p <= at.own_tokens; p += MIX_SLICES) {
            let weight = exp(max(logits[(at.prefix_tokens + p) * HEADS + head] - largest, -100.0));
            sum += weight * own[mine + p * FOURS];
        }
        sum *= 1.0 / whole;
        let to = SCORES + slice * QUERIES + four * 4u;
        logits[to] = sum.x;
        logits[to + 1u] = sum.y;
        logits[to + 2u] = sum.z;
        logits[to + 3u] = sum.w;
    }
    workgroupBarrier();
    if lane < QUERY_FOURS {
        var sum = vec4<f32>(0.0);
        for (var part = 0u; part < MIX_SLICES; part++) {
            sum += four_logits(SCORES + part * QUERIES + lane * 4u);
        }
        input[lane] = sum;
    }
    workgroupBarrier();
}

// What gates let through: the next product reads it.
fn gate(lane: u32) {
    for (var four = lane; four < INNER / 4u; four += LANES) {
        var gates = vec4<f32>(0.0);
        var ups = vec4<f32>(0.0);
        for (var slice = 0u; slice < GATE_UP_SLICES; slice++) {
            gates += four_logits(slice * 2u * INNER + four * 4u);
            ups += four_logits((slice * 2u + 1u) * INNER + four * 4u);
        }
        input[four] = gates / (1.0 + exp(-gates)) * ups;
    }
    workgroupBarrier();
}

// Reads a token that stands behind so many own tokens; leaves the logits after it, if they are asked for.
fn read_token(token: u32, place: vec4<u32>, own_tokens: u32, with_logits: bool, lane: u32) {
    if lane < WIDTH / 4u {
        let id = min(token, VOCABULARY - 1u);
        let scale = floats[EMBEDDING_SCALES + lane / 8u * VOCABULARY + id];
        stream = scale * four_weights(lane / 8u, lane % 8u, VOCABULARY, EMBEDDING_QUANTS + id);
    }
    var quants_at = 0u;
    var scales_at = 0u;
    // One loop and one call of each part: a compiler that puts every call's code in its place would take twice as long. Steps are
    // never 0, but it does not know that, or it might unroll.
    let stages = (BLOCKS * 4u + select(0u, 1u, with_logits)) * min(shape.y, 1u);
    for (var stage = 0u; stage < stages; stage++) {
        let block = stage / 4u;
        let kind = select(stage % 4u, OUTPUT, stage == BLOCKS * 4u);
        if kind == PROJECT || kind == OUTPUT {
            norm(block * FLOATS_OF_BLOCK, lane);
            scales_at = block * FLOATS_OF_BLOCK + select(2u * WIDTH, WIDTH, kind == OUTPUT);
        } else if kind == GATE_UP {
            norm(block * FLOATS_OF_BLOCK + WIDTH, lane);
        }
        // Blocks of columns, outputs, slices.
        var product = vec3<u32>(WIDTH / 32u, PROJECTED, PROJECTED_SLICES);
        switch kind {
            case OUT: { product = vec3<u32>(QUERIES / 32u, WIDTH, OUT_SLICES); }
            case GATE_UP: { product = vec3<u32>(WIDTH / 32u, 2u * INNER, GATE_UP_SLICES); }
            case DOWN: { product = vec3<u32>(INNER / 32u, WIDTH, DOWN_SLICES); }
            case OUTPUT: { product = vec3<u32>(WIDTH / 32u, VOCABULARY, 1u); }
            default: {}
        }
        products(quants_at, scales_at, product.x, product.y, product.z, lane);
        quants_at += product.x * product.y * WORDS;
        scales_at += product.x * product.y;
        if kind == PROJECT {
            let at = Place(
                (place.z * BLOCKS + block * place.w) * 2u * KEY_FOURS,
                place.w * FOURS,
                place.w,
                (place.x * BLOCKS + block) * 2u * KEY_FOURS * shape.z,
                shape.z * FOURS,
                own_tokens,
            );
            turn(at, lane);
            score(at, lane);
            mix_values(at, lane);
        } else if kind == GATE_UP {
            gate(lane);
        } else if kind != OUTPUT {
            add_to_stream(product.z, lane);
        }
    }
}

// Reads a prompt, and leaves its keys and values where a row has its own, and the logits after its last token.
fn read_prompt(lane: u32) {
    for (var step = 0u; step < shape.y; step++) {
        read_token(draws[step], vec4<u32>(0u), step, step + 1u == shape.y, lane);
    }
    for (var token = lane; token < VOCABULARY; token += LANES) {
        outcomes[token] = bitcast<u32>(logits[token]);
    }
}

// Draws some tokens for a row, each of which is read before the next is drawn.
fn draw_tokens(row: u32, lane: u32) {
    let place = places[row];
    var token = draws[row * 8u + 7u];
    let first_step = draws[row * 8u + 6u];
    workgroupBarrier();
    for (var step = 0u; step < shape.y; step++) {
        if lane == 0u {
            draws[row * 8u + 6u] = first_step + step + 1u;
        }
        read_token(token, place, min(place.y + step + 1u, shape.z - 1u), true, lane);
        let outcome = (row * shape.w + step) * 4u;
        draw_row(lane, row, 0u, VOCABULARY, outcome);
        storageBarrier();
        workgroupBarrier();
        token = outcomes[outcome];
    }
    if lane == 0u {
        places[row].y = place.y + shape.y;
        draws[row * 8u + 7u] = token;
    }
    workgroupBarrier();
}

@compute @workgroup_size(256)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    begin_reductions(lane);
    if READS {
        read_prompt(lane);
    } else {
        for (var row = group.x; row < shape.x; row += groups.x) {
            draw_tokens(row, lane);
        }
    }
}
