// The one name that the page's scripts share, and how the data inside the page is read.
const Q = {};

Q.ready = [];      // called once when the data is there
Q.renderers = [];  // called at the start and at every change of language

Q.each = (count, make) => Array.from({ length: count }, (_, i) => make(i));

Q.sum = (items, pick) => items.reduce((total, item) => total + (pick(item) || 0), 0);

Q.known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

Q.base64Bytes = (text) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
};

Q.readPayload = async () => {
  const node = document.getElementById("payload");
  const bytes = Q.base64Bytes(node.textContent);
  node.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

Q.announce = (text) => { document.getElementById("announcement").textContent = text; };
