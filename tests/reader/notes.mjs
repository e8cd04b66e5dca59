// C2SP signed notes, vkeys, checkpoints and cosignatures, by Ed25519 of node:crypto. ML-DSA lines are passed over.

import { createPublicKey, verify } from "node:crypto";
import { refuseWeakEd25519, hasReducedS, refuseWeakX25519 } from "./curve.mjs";
import { demand, Doubt } from "./doubt.mjs";
import { fromBase64, sha256, utf8, wholeNumber } from "./encoding.mjs";

export const SIGNATURE = 0x01;
export const COSIGNATURE = 0x04;
const SEAL = 0x06;
const SEAL_KEY_BYTES = 1312; // ML-DSA-44
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex"); // what comes before the raw key in DER
const SIGNATURE_LINE = /^\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)$/;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

export function parseVkey(text) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  demand(parts !== null && !text.endsWith("\n"), "key.refused", "not a vkey");
  const [, name, id, encoded] = parts;
  const raw = fromBase64(encoded, "key.refused");
  const type = raw[0];
  const bytes = raw.subarray(1);
  demand([SIGNATURE, COSIGNATURE, SEAL].includes(type), "key.refused", `type ${type}`);
  demand(sha256(`${name}\n`, raw).subarray(0, 4).toString("hex") === id, "key.refused", "the id of another key");
  if (type === SEAL) demand(bytes.length === SEAL_KEY_BYTES, "key.refused", "a seal key of the wrong length");
  else refuseWeakEd25519(bytes);
  return { name, type, id, bytes, text };
}

export function parseLabelKey(text) {
  const parts = /^x25519\+([A-Za-z0-9+/=]+)$/.exec(text);
  demand(parts !== null, "key.refused", "not a label key");
  refuseWeakX25519(fromBase64(parts[1], "key.refused"));
}

export function parseNote(bytes, code) {
  const whole = utf8(bytes, code);
  demand(!CONTROL.test(whole), code, "a control character in a note");
  const end = whole.lastIndexOf("\n\n");
  demand(end > 0 && whole.endsWith("\n"), code, "a note without its empty line or its last line end");
  const lines = whole.slice(end + 2).split("\n");
  lines.pop();
  demand(lines.length > 0, code, "a note without a signature line");
  const signatures = lines.map((line) => {
    const parts = SIGNATURE_LINE.exec(line);
    demand(parts !== null, code, "not a signature line");
    const raw = fromBase64(parts[2], code);
    demand(raw.length > 4, code, "a signature line without a signature");
    return { name: parts[1], id: raw.subarray(0, 4).toString("hex"), raw: raw.subarray(4) };
  });
  return { text: whole.slice(0, end + 1), signatures };
}

function lineOf(note, key) {
  return note.signatures.find((line) => line.name === key.name && line.id === key.id);
}

function isSigned(key, message, signature) {
  if (signature.length !== 64 || !hasReducedS(signature)) return false;
  const spki = Buffer.concat([SPKI_ED25519, key.bytes]);
  return verify(null, Buffer.from(message), createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
}

export function checkSignature(note, key, code) {
  const line = lineOf(note, key);
  demand(key.type === SIGNATURE && line !== undefined, code, `no signature by ${key.name}`);
  demand(isSigned(key, note.text, line.raw), code, `the signature by ${key.name} is wrong`);
}

// Returns the POSIX time that the cosignature states, or null where this key has no line.
export function cosignatureTime(note, key, code) {
  const line = lineOf(note, key);
  if (key.type !== COSIGNATURE || line === undefined) return null;
  demand(line.raw.length === 72, code, `the cosignature by ${key.name} has the wrong length`);
  const time = line.raw.readBigUInt64BE(0);
  const message = `cosignature/v1\ntime ${time}\n${note.text}`;
  demand(isSigned(key, message, line.raw.subarray(8)), code, `the cosignature by ${key.name} is wrong`);
  return Number(time);
}

export function parseCheckpoint(text, code) {
  const lines = text.split("\n");
  demand(lines.length === 4 && lines[3] === "", code, "a checkpoint has three lines");
  const root = fromBase64(lines[2], code);
  demand(root.length === 32, code, "a root of another length");
  return { origin: lines[0], size: wholeNumber(lines[1], code), root };
}

export { Doubt };
