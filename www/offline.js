// Lets the page open without a network. `xtask build` writes the version and the files (xtask/src/offline.rs).
//
// What is named by its contents, the program's folder and models asked for by their checksum, comes from the cache first:
// it cannot be stale. The page itself and the lists come from the network first, and from the cache only where there is
// none; they were cached with the program that they belong to, so a page without a network is one whole.
const VERSION = "unsealed";
const PROGRAM = "./unsealed/";
const FILES = [];

// Caches belong to the host, and a host may serve several copies of this page.
const OWN = `thermostat ${self.registration.scope} `;
const CACHE = OWN + VERSION;

const isLasting = (url) => url.searchParams.has("sha256") || url.href.startsWith(new URL(PROGRAM, self.location).href);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(isLasting(url) ? kept(event) : fresh(event.request));
});

async function install() {
  const cache = await caches.open(CACHE);
  const ask = (file) => {
    const url = new URL(file, self.location);
    return new Request(url, { cache: isLasting(url) ? "default" : "no-cache" });
  };
  await cache.addAll(FILES.map(ask));
  // Another version may have been put on the host meanwhile; then this one is no whole.
  const page = await (await cache.match("./")).text();
  if (!page.includes(PROGRAM)) {
    await caches.delete(CACHE);
    throw new Error("the page and its program are of different versions");
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OWN) && name !== CACHE).map((name) => caches.delete(name)));
}

async function kept(event) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(event.request);
  if (found) return found;
  const answer = await fetch(event.request);
  // A full disk costs only the copy.
  if (answer.status === 200) event.waitUntil(cache.put(event.request, answer.clone()).catch(() => {}));
  return answer;
}

async function fresh(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    const found = await cache.match(request.mode === "navigate" ? "./" : request, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}
