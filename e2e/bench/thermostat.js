// This engine: the built page's workers, asked by their message protocol (src/protocol.rs). With two, each has the model and
// takes half of the rows; a row's draws depend on its seed and number alone, so the answers are the same.

/** Runs one worker: `ask` sends a request and waits for the event that answers it; `watch` sees the others meanwhile. */
function start(url) {
  const worker = new Worker(url, { type: 'module' });
  const waiting = new Map();
  let nextId = 1;
  const answered = (id, kind, watch = null) =>
    new Promise((resolve, reject) => waiting.set(id, { kind, watch, resolve, reject }));
  const ready = answered(null, 'ready');
  worker.onerror = event => waiting.forEach(({ reject }) => reject(new Error(event.message ?? 'the worker did not start')));
  worker.onmessage = ({ data: event }) => {
    const asked = waiting.get(event.id ?? null);
    if (event.kind === 'failed') asked?.reject(new Error(`${event.error.message} ${event.error.remedy}`));
    else if (event.kind === asked?.kind) asked.resolve(event);
    else asked?.watch?.(event);
  };
  const ask = (kind, request, answer, watch) => {
    const id = nextId++;
    worker.postMessage({ kind, id, ...request });
    return answered(id, answer, watch);
  };
  return { ready, ask, stop: () => worker.terminate() };
}

/** Rows and their new tokens, from the bytes that src/protocol/packed.rs describes. */
export function unpacked(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = at => view.getUint32(at, true);
  const rows = [];
  for (let at = 0; at < view.byteLength;) {
    const [row, count, textBytes] = [number(at), number(at + 8), number(at + 12)];
    rows.push({ row, ids: Array.from({ length: count }, (_, nth) => number(at + 16 + nth * 12)) });
    at += 16 + count * 12 + textBytes;
  }
  return rows;
}

export async function load(setup) {
  const url = setup.device === 'webgpu' ? setup.worker_gpu : setup.worker_cpu;
  const workers = Array.from({ length: setup.threads }, () => start(url));
  const source = { key: 'bench', url: new URL(setup.model.url, location).href, size_bytes: null, sha256: null };
  const [ready] = await Promise.all(workers.map(async worker => {
    const ready = await worker.ready;
    await worker.ask('load', { source }, 'loaded');
    return ready;
  }));

  /** Rows in equal shares, one for each worker. */
  async function generate(prompt, specs, mostTokens = setup.most_tokens) {
    const answers = specs.map(() => []);
    const begin = performance.now();
    let first = null;
    const watch = event => {
      if (event.kind !== 'tokens') return;
      first ??= performance.now();
      for (const { row, ids } of unpacked(event.deltas)) answers[row].push(...ids);
    };
    const finished = await Promise.all(workers.flatMap((worker, index) => {
      const rows = specs.filter((_, row) => row % workers.length === index);
      const job = { model: 'bench', prompt: prompt.text, chat: true, rows, max_new_tokens: mostTokens };
      return rows.length ? [worker.ask('generate', { job }, 'finished', watch)] : [];
    }));
    const end = performance.now();
    const sampled = finished.reduce((sum, { stats }) => sum + stats.sampled_tokens, 0);
    return { answers, sampled, ms: end - begin, first_ms: (first ?? end) - begin };
  }

  const spec = (row, seed, temperature) => ({ row, seed, temperature, truncation: { top_k: null, top_p: null } });

  return {
    about: ready.device.name,
    async greedy() {
      const { answers: [answer], sampled } = await generate(setup.prompt, [spec(0, 1, 'Greedy')]);
      return sampled > answer.length ? [...answer, setup.end_token] : answer;
    },
    async first(nth) {
      return (await generate(setup.other_prompts[nth], [spec(0, 1, { Value: 1 })], 1)).first_ms;
    },
    async sample(rows, temperatures, seed) {
      const specs = temperatures.flatMap((value, nth) =>
        Array.from({ length: rows }, (_, row) => spec(nth * rows + row, seed, { Value: value })));
      const { sampled, ms } = await generate(setup.prompt, specs);
      return { sampled, ms };
    },
    /** For each token of an answer: how much likelier, in nats, the likeliest token was in its place. */
    async gaps(tokens) {
      const answer = tokens.filter(token => token !== setup.end_token);
      const job = { model: 'bench', prompt: setup.prompt.text, chat: true, answer: { kind: 'tokens', answer } };
      const { inspection } = await workers[0].ask('inspect', { job }, 'inspected');
      const logits = new Float32Array(inspection.logits.slice().buffer);
      return tokens.map((token, place) => {
        const row = logits.subarray(place * inspection.vocabulary, (place + 1) * inspection.vocabulary);
        return row.reduce((most, logit) => Math.max(most, logit), -Infinity) - row[token];
      });
    },
    close: () => workers.forEach(worker => worker.stop()),
  };
}
