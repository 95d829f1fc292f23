// wllama (llama.cpp's server in WebAssembly) on the same GGUF file: as many requests at once as a column has answers, each
// with a temperature of its own, the prompt kept between them as it does by itself.

import { Wllama } from '@wllama/wllama';

/** The plain distribution: nothing cut off, nothing punished. */
const PLAIN = { samplers: ['temperature'], top_k: 0, top_p: 1, min_p: 0, repeat_penalty: 1 };

export async function load(setup) {
  const gpu = setup.device === 'webgpu';
  let onAdapter = false;
  const read = (...words) => { onAdapter ||= /webgpu.*buffer size/i.test(words.join(' ')); };
  const logger = { debug: read, log: read, warn: read, error: read };
  const wllama = new Wllama({ default: '/node_modules/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: !gpu, logger });
  const file = await (await fetch(setup.model.url)).blob();
  const rowTokens = Math.ceil((setup.prompt.tokens.length + setup.most_tokens + 1) / 64) * 64;
  await wllama.loadModel([file], {
    n_threads: setup.threads,
    n_gpu_layers: gpu ? 99999 : 0,
    n_parallel: setup.parallel,
    n_ctx: setup.parallel * rowTokens,
    flash_attn: true,
    kv_unified: false,
  });
  if (gpu && !onAdapter) throw new Error('it does not take this adapter, and would run on the processor');
  // It fails on an answer that is not UTF-8, which hot or random models soon give: tokens that are no whole character are
  // forbidden.
  const logit_bias = Object.fromEntries(setup.model.unwritable_tokens.map(token => [token, -1e4]));
  const complete = options => wllama.createCompletion({
    prompt: setup.prompt.dressed,
    max_tokens: setup.most_tokens,
    logit_bias,
    ...PLAIN,
    ...options,
  });

  return {
    about: `llama.cpp ${Wllama.getLibllamaVersion()}`,
    async greedy() {
      const { choices: [choice], usage } = await complete({ temperature: 0, logprobs: 1 });
      if (usage.prompt_tokens !== setup.prompt.tokens.length) throw new Error(`it read ${usage.prompt_tokens} tokens of prompt`);
      const tokens = choice.logprobs.content.map(token => token.id);
      const ended = choice.finish_reason === 'stop' && tokens.at(-1) !== setup.end_token;
      return ended ? [...tokens, setup.end_token] : tokens;
    },
    async first(nth) {
      const begin = performance.now();
      let first = null;
      const onData = () => { first ??= performance.now(); };
      await complete({ prompt: setup.other_prompts[nth].dressed, temperature: 1, max_tokens: 1, stream: true, onData });
      return first - begin;
    },
    async sample(rows, temperatures) {
      const waiting = temperatures.flatMap(temperature => Array.from({ length: rows }, () => temperature));
      let sampled = 0;
      // As many requests at once as there are slots; each that ends makes room for the next.
      const slot = async () => {
        while (waiting.length) {
          const { usage } = await complete({ temperature: waiting.pop() });
          sampled += usage.completion_tokens;
        }
      };
      const begin = performance.now();
      await Promise.all(Array.from({ length: setup.parallel }, slot));
      return { sampled, ms: performance.now() - begin };
    },
    close: () => wllama.exit(),
  };
}
