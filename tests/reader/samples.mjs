// Reads single samples: a JSON list of {reader, bytes, ...} on standard input, a JSON list of codes (null: good) out.

import { Doubt } from "./doubt.mjs";
import { parseEntry } from "./entries.mjs";
import { parseLabelKey, parseVkey } from "./notes.mjs";
import { checkPage, checkProof, checkReceipt, checkResend, parsePage, parseReceipt } from "./records.mjs";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { keys, samples } = JSON.parse(Buffer.concat(chunks));
const { author, journal, mirror } = Object.fromEntries(Object.entries(keys).map(([name, text]) => [name, parseVkey(text)]));

const READERS = {
  line: (bytes) => parseEntry(bytes),
  page: (bytes) => checkPage(parsePage(bytes, author.name), author),
  receipt: (bytes) =>
    checkReceipt(parseReceipt(bytes, journal.name, author.name), { journalKey: journal, mirrorKey: mirror, partnerKey: author }),
  resend: (bytes) => checkResend(bytes, journal),
  proof: (bytes, leaf) => checkProof(bytes, Buffer.from(leaf, "base64"), author, [mirror]),
  vkey: (bytes) => parseVkey(bytes.toString()),
  label_key: (bytes) => parseLabelKey(bytes.toString()),
};

function codeOf({ reader, bytes, leaf }) {
  try {
    READERS[reader](Buffer.from(bytes, "base64"), leaf);
    return null;
  } catch (error) {
    if (error instanceof Doubt) return error.code;
    throw error;
  }
}

console.log(JSON.stringify(samples.map(codeOf)));
