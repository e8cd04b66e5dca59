// An entry: head and body in canonical form, attributes as in the table of formats.md 2, the body's hash in the head.

import { demand } from "./doubt.mjs";
import { parseCanonical, sha256 } from "./encoding.mjs";
import { leafHash } from "./tree.mjs";

const MALFORMED = "entry.malformed";
const MAX_HEAD = 8 * 1024;
const MAX_BODY = 128 * 1024;
const TAB = 0x09;
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;
const TAGS = /^[0-9a-f]{32}( [0-9a-f]{32})*$/;

const texts = (pattern) => (value) => typeof value === "string" && pattern.test(value);
const numbers = (least) => (value) => Number.isSafeInteger(value) && value >= least;
const ATTRIBUTES = {
  specversion: (value) => value === "1.0",
  id: texts(UUID7),
  source: texts(/^urn:uscc:[0-9A-HJ-NPQRTUWXY]{18}$/),
  type: texts(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*$/),
  subject: texts(new RegExp(`^[a-z][a-z0-9_]*/${UUID}$`)),
  revision: numbers(1),
  relationship: texts(/^[0-9A-HJ-NPQRTUWXY]{18}\/[0-9A-HJ-NPQRTUWXY]{18}$/),
  seen: numbers(0),
  actor: texts(/^(person|system)\/\S+$/u),
  time: (value) => typeof value === "string" && isMoment(value),
  bodyhash: (value) => typeof value === "string" && Buffer.from(value, "base64").length === 32,
};
const OPTIONAL = {
  cause: (value) => typeof value === "string" && value !== "",
  labels: (value) => texts(TAGS)(value) && value.split(" ").every((tag, at, all) => at === 0 || all[at - 1] < tag),
};

function isMoment(text) {
  const parts = MOMENT.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// A line as it stands in a page. The leaf is that of what stands before the first tab, whatever it is.
export function splitLine(line) {
  const tab = line.indexOf(TAB);
  const head = tab < 0 ? line : line.subarray(0, tab);
  return { line, head, body: tab < 0 ? null : line.subarray(tab + 1), leaf: leafHash(head) };
}

export function parseHead(head) {
  demand(head.length <= MAX_HEAD, MALFORMED, "the head is too large");
  const attributes = parseCanonical(head, MALFORMED);
  for (const [name, holds] of Object.entries(ATTRIBUTES)) demand(holds(attributes[name]), MALFORMED, name);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in ATTRIBUTES) continue;
    demand(name in OPTIONAL && OPTIONAL[name](value), MALFORMED, name);
  }
  return attributes;
}

export function parseEntry(line) {
  const { head, body, leaf } = splitLine(line);
  demand(body !== null, MALFORMED, "no tab");
  const attributes = parseHead(head);
  demand(body.length <= MAX_BODY, MALFORMED, "the body is too large");
  const value = parseCanonical(body, MALFORMED);
  demand(texts(/^[0-9a-f]{32}$/)(value.salt), MALFORMED, "salt");
  demand(sha256(body).toString("base64") === attributes.bodyhash, MALFORMED, "bodyhash is that of another body");
  return { attributes, body: value, leaf };
}
