// Reads single samples: a JSON list of {reader, bytes, ...} on standard input, a JSON list of codes (null: good) out.
// A page with `held`, the leaves that its reader holds, is put in its place and its entries are read too.

import { demand, Doubt } from "./doubt.mjs";
import { parseEntry } from "./entries.mjs";
import { checkSignature, cosignatureTime, parseCheckpoint, parseLabelKey, parseNote, parseVkey } from "./notes.mjs";
import { checkPage, checkProof, checkReceipt, checkResend, parsePage, parseReceipt } from "./records.mjs";
import { checkConsistency, Tree } from "./tree.mjs";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { keys, samples } = JSON.parse(Buffer.concat(chunks));
const { author, journal, mirror } = Object.fromEntries(Object.entries(keys).map(([name, text]) => [name, parseVkey(text)]));

const decoded = (text) => Buffer.from(text, "base64");

// formats.md 5, steps 3 to 5: its place, the root that its heads lead to, each entry.
function takeIn(page, held) {
  const tree = new Tree();
  for (const leaf of held) tree.add(decoded(leaf));
  demand(page.first >= tree.size, "page.overlap", "it begins below what is held");
  demand(page.first === tree.size, "waits", "it begins beyond what is held");
  for (const { leaf } of page.entries) tree.add(leaf);
  demand(tree.root(tree.size).equals(page.checkpoint.root), "page.root_mismatch", "another root");
  for (const { line } of page.entries) parseEntry(line);
}

function checkCosigned(bytes) {
  const [malformed, invalid] = ["note.malformed", "note.signature_invalid"];
  const note = parseNote(bytes, malformed);
  demand(parseCheckpoint(note.text, malformed).origin === author.name, invalid, "of another journal");
  checkSignature(note, author, invalid);
  demand(cosignatureTime(note, mirror, invalid) !== null, invalid, "not cosigned");
}

function checkBeginning(bytes) {
  const code = "proof.invalid";
  const { old, new: later, hashes } = JSON.parse(bytes);
  const [first, second] = [old, later].map((text) => {
    const note = parseNote(Buffer.from(text), code);
    checkSignature(note, author, code);
    return parseCheckpoint(note.text, code);
  });
  checkConsistency(first, second, hashes.map(decoded), code);
}

const READERS = {
  line: (bytes) => parseEntry(bytes),
  page: (bytes, { held }) => {
    const page = parsePage(bytes, author.name);
    checkPage(page, author);
    if (held !== undefined) takeIn(page, held);
  },
  receipt: (bytes) =>
    checkReceipt(parseReceipt(bytes, journal.name, author.name), { journalKey: journal, mirrorKey: mirror, partnerKey: author }),
  resend: (bytes) => checkResend(bytes, journal),
  proof: (bytes, { leaf, cosigned }) => {
    const { times } = checkProof(bytes, decoded(leaf), author, [mirror]);
    if (cosigned) demand(times.length > 0, "proof.invalid", "not cosigned");
  },
  cosigned: (bytes) => checkCosigned(bytes),
  consistency: (bytes) => checkBeginning(bytes),
  vkey: (bytes) => parseVkey(bytes.toString()),
  label_key: (bytes) => parseLabelKey(bytes.toString()),
};

function codeOf({ reader, bytes, ...known }) {
  try {
    READERS[reader](decoded(bytes), known);
    return null;
  } catch (error) {
    if (error instanceof Doubt) return error.code;
    throw error;
  }
}

console.log(JSON.stringify(samples.map(codeOf)));
