// wllama (llama.cpp's server in WebAssembly) on the same GGUF file: as many requests at once as a column has answers, each
// with a temperature of its own, the prompt kept between them as it does by itself.

import { Wllama } from '@wllama/wllama';

/** The plain distribution: nothing cut off, nothing punished. */
const PLAIN = { samplers: ['temperature'], top_k: 0, top_p: 1, min_p: 0, repeat_penalty: 1 };

export async function load(setup) {
  const wllama = new Wllama({ default: '/node_modules/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: true });
  const file = await (await fetch(setup.model.url)).blob();
  const rowTokens = Math.ceil((setup.prompt.tokens.length + setup.most_tokens + 1) / 64) * 64;
  await wllama.loadModel([file], {
    n_threads: setup.threads,
    n_gpu_layers: setup.device === 'webgpu' ? 99999 : 0,
    n_parallel: setup.parallel,
    n_ctx: setup.parallel * rowTokens,
    flash_attn: true,
  });
  // Bytes that begin no character: it fails on an answer that is not UTF-8, which a model with random weights soon gives.
  const logit_bias = Object.fromEntries(setup.model.unwritable_tokens.map(token => [token, -1e4]));
  const complete = options => wllama.createCompletion({
    prompt: setup.prompt.dressed, max_tokens: setup.most_tokens, logit_bias, ...PLAIN, ...options });

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
      const requests = temperatures.flatMap(temperature => Array.from({ length: rows }, () => temperature));
      const begin = performance.now();
      const answers = await Promise.all(requests.map(temperature => complete({ temperature })));
      const ms = performance.now() - begin;
      return { sampled: answers.reduce((sum, { usage }) => sum + usage.completion_tokens, 0), ms };
    },
    close: () => wllama.exit(),
  };
}
