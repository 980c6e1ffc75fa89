// What the JavaScript twin says to the vectors of test_twin.py: reads one JSON object, writes one.
import { pathToFileURL } from "node:url";

const { ciphers, sealing, sodium } = await import(pathToFileURL(process.argv[2]));
await ciphers.ready;
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const raw = (text) => new Uint8Array(Buffer.from(text, "hex"));

let given = "";
for await (const piece of process.stdin) given += piece;
given = JSON.parse(given);

function attempt(act) {
  try {
    return hex(act());
  } catch (error) {
    if (!(error instanceof ciphers.Unopenable)) throw error;
    return "refused";
  }
}

async function attemptForm(one) {
  try {
    const opened = await sealing.openForm(raw(one.private), raw(one.box), one.boxes.map(raw));
    return { xml: opened.xml, files: opened.files.map((file) => ({ name: file.name, content: hex(file.content) })) };
  } catch (error) {
    if (!(error instanceof ciphers.Unopenable)) throw error;
    return "refused";
  }
}

const told = { locked: [], sealed: [], derived: [], forms: [], opened: [], unsealed: [], read: [], sizes: [], known: [] };
for (const one of given.lock) {
  told.opened.push(attempt(() => ciphers.unlock(raw(one.key), raw(one.box), ciphers.bind(...one.bound))));
  told.locked.push(hex(ciphers.lock(raw(one.key), raw(one.content), ciphers.bind(...one.bound))));
}
for (const one of given.seal) {
  told.unsealed.push(attempt(() => ciphers.unseal(raw(one.private), raw(one.box))));
  told.sealed.push(hex(ciphers.seal(raw(one.public), raw(one.content))));
}
for (const one of given.derive) {
  const key = await ciphers.derive(raw(one.key), one.label, one.length);
  const said = await ciphers.fingerprint(key);
  told.derived.push([hex(key), hex(ciphers.publicOf(raw(one.key))), said]);
}
for (const one of given.forms) {
  told.read.push(await attemptForm(one));
  const files = one.files.map((file) => ({ name: file.name, content: raw(file.content) }));
  const made = await sealing.sealForm({ sealedFor: one.sealed_for, publicKey: raw(one.public) }, one.of, one.xml, files);
  told.forms.push({ box: hex(made.envelope), boxes: made.files.map(hex) });
}
told.sizes = given.sizes.map(ciphers.paddedSize);
for (const one of given.known) {
  const box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(raw(one.content), raw(one.ad), null, raw(one.nonce), raw(one.key));
  told.known.push(hex(box));
}
process.stdout.write(JSON.stringify(told));
