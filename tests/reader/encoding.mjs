// Bytes as text: base64 that re-encodes to itself, whole numbers, and the narrow canonical JSON of formats.md 2.

import { createHash } from "node:crypto";
import { demand } from "./doubt.mjs";

const MAX_DEPTH = 32;
const NAME = /^[a-z][a-z0-9_]*$/;
const NUMBER = /^(0|[1-9][0-9]*)$/;

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function fromBase64(text, code) {
  const bytes = Buffer.from(text, "base64");
  demand(bytes.toString("base64") === text, code, "base64 that does not re-encode to itself");
  return bytes;
}

export function wholeNumber(text, code) {
  demand(NUMBER.test(text) && Number.isSafeInteger(Number(text)), code, `${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}

export function utf8(bytes, code) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    demand(false, code, "not UTF-8");
  }
}

// Strictness by re-encoding: duplicate keys, white space, floats, escapes and orders of another kind all come out
// otherwise than they went in. What survives that (lone surrogates, U+0000, large integers) is looked for.
export function parseCanonical(bytes, code) {
  const text = utf8(bytes, code);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    demand(false, code, "not JSON");
  }
  demand(isObject(value), code, "not a JSON object");
  demand(canonical(value, 1, code) === text, code, "not canonical JSON");
  return value;
}

function canonical(value, depth, code) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    demand(Number.isSafeInteger(value), code, "a number that is no integer below 2^53");
    return String(value);
  }
  if (typeof value === "string") {
    demand(value.isWellFormed() && !value.includes("\0"), code, "a string with a lone surrogate or U+0000");
    return JSON.stringify(value);
  }
  demand(depth <= MAX_DEPTH, code, `nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return `[${value.map((part) => canonical(part, depth + 1, code)).join(",")}]`;
  const keys = Object.keys(value).sort();
  for (const key of keys) demand(NAME.test(key), code, `the key ${JSON.stringify(key)}`);
  return `{${keys.map((key) => `"${key}":${canonical(value[key], depth + 1, code)}`).join(",")}}`;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
