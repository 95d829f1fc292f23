// transformers.js on ONNX files of the same weights (e2e/src/onnx); the rows of one temperature are a batch.

/** Where the runtime's code is and how many threads it has: to be said before the library is imported. */
async function prepareRuntime(setup) {
  const { env } = await import('onnxruntime-web/webgpu');
  const suffix = setup.device === 'webgpu' ? '.asyncify' : '';
  const build = `${location.origin}/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded${suffix}`;
  env.wasm.wasmPaths = { mjs: `${build}.mjs`, wasm: `${build}.wasm` };
  env.wasm.numThreads = setup.threads;
  return env.versions.web;
}

export async function load(setup) {
  const runtime = await prepareRuntime(setup);
  const { AutoModelForCausalLM, LogitsProcessor, LogitsProcessorList, Tensor, env } = await import('@huggingface/transformers');
  Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: '/', useBrowserCache: false });
  const device = setup.device === 'webgpu' ? 'webgpu' : 'wasm';
  const model = await AutoModelForCausalLM.from_pretrained(setup.model.onnx, { dtype: setup.precision, device });

  /**
   * Draws exactly from softmax(logits / temperature) and makes the drawn token the likeliest, which the library then takes.
   * Its own sampler, without top-k, sorts the whole vocabulary for each row: the slower means.
   */
  class Draw extends LogitsProcessor {
    constructor(temperature) {
      super();
      this.temperature = temperature;
    }
    _call(_, logits) {
      const size = logits.dims.at(-1);
      const sums = new Float64Array(size);
      for (let row = 0; row < logits.dims[0]; row++) {
        const values = logits.data.subarray(row * size, (row + 1) * size);
        let most = -Infinity;
        for (let i = 0; i < size; i++) if (values[i] > most) most = values[i];
        let sum = 0;
        for (let i = 0; i < size; i++) sums[i] = sum += Math.exp((values[i] - most) / this.temperature);
        const place = Math.random() * sum;
        let drawn = 0;
        while (sums[drawn] <= place) drawn++;
        values[drawn] = Infinity;
      }
      return logits;
    }
  }

  /** Without a temperature: the likeliest tokens. */
  async function generate(prompt, rows, temperature, mostTokens = setup.most_tokens) {
    const shape = [rows, prompt.tokens.length];
    const ids = BigInt64Array.from({ length: rows * shape[1] }, (_, i) => BigInt(prompt.tokens[i % shape[1]]));
    const processors = new LogitsProcessorList();
    if (temperature !== null) processors.push(new Draw(temperature));
    const begin = performance.now();
    const output = await model.generate({
      inputs: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      max_new_tokens: mostTokens,
      do_sample: false,
      logits_processor: processors,
    });
    const ms = performance.now() - begin;
    // A row that has ended runs on until the last one has; what it gains then is no sample.
    const answers = output.tolist().map(row => {
      const answer = row.slice(shape[1]).map(Number);
      const end = answer.indexOf(setup.end_token);
      return end < 0 ? answer : answer.slice(0, end + 1);
    });
    return { answers, ms };
  }

  return {
    about: `ONNX Runtime ${runtime}`,
    greedy: async () => (await generate(setup.prompt, 1, null)).answers[0],
    first: async nth => (await generate(setup.other_prompts[nth], 1, 1, 1)).ms,
    async sample(rows, temperatures) {
      const total = { sampled: 0, ms: 0 };
      for (const temperature of temperatures) {
        const { answers, ms } = await generate(setup.prompt, rows, temperature);
        total.sampled += answers.reduce((sum, answer) => sum + answer.length, 0);
        total.ms += ms;
      }
      return total;
    },
    close: () => model.dispose(),
  };
}
