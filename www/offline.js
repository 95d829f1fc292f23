// Lets the page open without a network. `xtask build` writes the version and the files (xtask/src/offline.rs).
//
// What is named by its contents, the program's folder and models asked for by their checksum, comes from the cache first:
// it cannot be stale, and a model is kept only if its bytes have that checksum. The page itself and the lists come from the
// network first, and from the cache only where there is none; they were cached with the program that they belong to.
const VERSION = "unsealed";
const PROGRAM = "./unsealed/";
const FILES = [];

// Caches belong to the host, and a host may serve several copies of this page.
const OWN = `thermostat ${self.registration.scope} `;
const CACHE = OWN + VERSION;
// Models outlive a version: most versions have the same.
const MODELS = `${OWN}models`;

const at = (file) => new URL(file, self.location);
const isModel = (url) => url.searchParams.has("sha256");
const isLasting = (url) => isModel(url) || url.href.startsWith(at(PROGRAM).href);
const cacheOf = (url) => caches.open(isModel(url) ? MODELS : CACHE);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(isLasting(url) ? kept(event, url) : fresh(event.request));
});

async function install() {
  if (FILES.length === 0) throw new Error("this build names no files; `cargo xtask build` does");
  for (const file of FILES) {
    const url = at(file);
    if (await (await cacheOf(url)).match(url)) continue;
    const answer = await fetch(new Request(url, { cache: isLasting(url) ? "default" : "no-cache" }));
    if (!(await keep(url, answer))) throw new Error(`${file} could not be had`);
  }
  // Another version may have been put on the host meanwhile; then this one is no whole.
  const page = await (await (await caches.open(CACHE)).match(at("./"))).text();
  if (!page.includes(PROGRAM)) {
    await caches.delete(CACHE);
    throw new Error("the page and its program are of different versions");
  }
}

// Keeps an answer if it is what was asked for. Whether it was.
async function keep(url, answer) {
  if (answer.status !== 200) return false;
  if (isModel(url)) {
    const digest = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
    const sum = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!sum.startsWith(url.searchParams.get("sha256"))) return false;
  }
  await (await cacheOf(url)).put(url, answer);
  return true;
}

// Forgets other versions, and models that this one does not name.
async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(OWN) && name !== CACHE && name !== MODELS);
  await Promise.all(others.map((name) => caches.delete(name)));
  const list = await (await caches.open(CACHE)).match(at("./models/manifest.json"));
  const named = list ? await list.text() : "";
  const models = await caches.open(MODELS);
  for (const request of await models.keys()) {
    if (!named.includes(new URL(request.url).searchParams.get("sha256"))) await models.delete(request);
  }
}

async function kept(event, url) {
  const found = await (await cacheOf(url)).match(url);
  if (found) return found;
  const answer = await fetch(event.request);
  // A full disk costs only the copy.
  event.waitUntil(keep(url, answer.clone()).catch(() => {}));
  return answer;
}

async function fresh(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    const found = await cache.match(request.mode === "navigate" ? at("./") : request, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}
