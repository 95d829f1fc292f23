// What the harness (e2e/src/bench) calls, one step at a time: load an engine, check it, sample with it.
//
// An engine is a module with `load(setup)`, which gives `{ about, greedy(), first(prompt), sample(rows, temperatures, seed),
// close() }`. `setup` is the harness's JSON: model, prompts (as text, dressed and as tokens), most tokens, threads, device.

let engine = null;

const engineOf = async (name, setup) => (await import(`./${name}.js`)).load(setup);

window.bench = {
  /** Loads an engine; how long until it could answer, in ms, its code and the model fetched from this machine. */
  async load(name, setup) {
    const begin = performance.now();
    engine = await engineOf(name, setup);
    return { load_ms: performance.now() - begin, about: engine.about };
  },

  /**
   * The engine's greedy answer and, for each of its tokens, by how many nats our engine prefers another one in its place:
   * 0 where both choose the same, and next to 0 where they round differently at a near tie.
   */
  async check(setup) {
    const tokens = await engine.greedy();
    const ours = await engineOf('thermostat', { ...setup, threads: 1, device: 'cpu' });
    const gaps = await ours.gaps(tokens);
    ours.close();
    return { tokens, gaps };
  },

  /** Time until the first token of the answer to a prompt that was not asked before, in ms. */
  first: nth => engine.first(nth),

  /** So many answers to one prompt at each temperature: the tokens that were sampled, and the time in ms. */
  sample: (rows, temperatures, seed) => engine.sample(rows, temperatures, seed),

  /** The name of the graphics adapter and whether it is one in software, or null. */
  async adapter() {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) return null;
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
    return { name, software: isFallbackAdapter || architecture === 'swiftshader' };
  },

  async close() {
    await engine?.close();
    engine = null;
  },
};
