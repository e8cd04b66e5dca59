// What travels: pages, receipts, requests to send again, and the proof of one entry (formats.md 3, 4 and 7).

import { demand } from "./doubt.mjs";
import { fromBase64, utf8, wholeNumber } from "./encoding.mjs";
import { checkSignature, cosignatureTime, parseCheckpoint, parseNote } from "./notes.mjs";
import { splitLine } from "./entries.mjs";
import { checkInclusion } from "./tree.mjs";

const MAX_PAGE = 512 * 1024;
const MAX_ENTRIES = 4096;
const ROOT_TEXT_LINES = 3;
const LINE_FEED = 0x0a;

function lines(bytes) {
  const found = [];
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    found.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    if (end < 0) break;
    start = end + 1;
  }
  return found;
}

// formats.md 5, steps 1 and 2, but for the key: `checkPage` takes the one in force at the page's first entry.
export function parsePage(bytes, origin) {
  const bad = "page.malformed";
  demand(bytes.length <= MAX_PAGE, "page.too_large", `${bytes.length} bytes`);
  const all = lines(bytes);
  demand(all[0].toString() === "counterfoil/page/v1", bad, "its first line");
  demand(all.length > 2, bad, "too short");
  demand(utf8(all[1], bad) === origin, "page.wrong_journal", `of the journal ${all[1]}`);
  const first = wholeNumber(utf8(all[2], bad), bad);
  const gap = all.findIndex((line, at) => at > 2 && line.length === 0);
  demand(gap > 3, bad, "no entry, or no empty line after the entries");
  const entries = all.slice(3, gap).map(splitLine);
  demand(entries.length <= MAX_ENTRIES, "page.too_large", `${entries.length} entries`);
  const at = all.slice(0, gap + 1).reduce((sum, line) => sum + line.length + 1, 0);
  const note = parseNote(bytes.subarray(at), bad);
  demand(note.signatures.length === 1, bad, "not exactly one signature line");
  const checkpoint = parseCheckpoint(note.text, bad);
  demand(checkpoint.origin === origin, "page.wrong_journal", `a checkpoint of ${checkpoint.origin}`);
  demand(checkpoint.size === first + entries.length, bad, "position, entries and size do not agree");
  return { first, entries, note, checkpoint };
}

export function checkPage(page, key) {
  checkSignature(page.note, key, "page.signature_invalid");
}

export function parseReceipt(bytes, origin, partnerOrigin) {
  const bad = "receipt.malformed";
  const end = bytes.indexOf(LINE_FEED);
  demand(end > 0, bad, "no line of lengths");
  const lengths = utf8(bytes.subarray(0, end), bad).split(" ");
  demand(lengths.length === 2, bad, "not two lengths");
  const [first, second] = lengths.map((text) => wholeNumber(text, bad));
  demand(end + 1 + first + second === bytes.length, bad, "the lengths are not those of the notes");
  const middle = end + 1 + first;
  const statement = parseStatement(parseNote(bytes.subarray(middle), bad), origin, partnerOrigin);
  demand((first === 0) === (statement.held === 0), bad, "a checkpoint without held, or held without a checkpoint");
  if (first === 0) return { statement, checkpoint: null };
  const note = parseNote(bytes.subarray(end + 1, middle), bad);
  const checkpoint = { note, ...parseCheckpoint(note.text, bad) };
  demand(checkpoint.origin === partnerOrigin && checkpoint.size === statement.held, bad, "the checkpoint of another size");
  return { statement, checkpoint };
}

function parseStatement(note, origin, partnerOrigin) {
  const bad = "receipt.malformed";
  const said = note.text.split("\n");
  demand(said.length === 10 && said[9] === "" && said[0] === "counterfoil/receipt/v1", bad, "its lines");
  demand(said[1] === origin && said[4] === partnerOrigin, bad, "of other journals");
  const [size, held, judged, ruleSet] = [2, 5, 6, 7].map((at) => wholeNumber(said[at], bad));
  const root = fromBase64(said[3], bad);
  demand(root.length === 32, bad, "a root of another length");
  demand(judged <= held, bad, "judged more than held");
  if (said[8] !== "-") demand(fromBase64(said[8], bad).length === 32, bad, "conclusions of another length");
  return { note, size, root, held, judged, ruleSet, conclusions: said[8] };
}

// Returns the time of the cosignature, or null for the receipt of an empty journal.
export function checkReceipt(receipt, { journalKey, mirrorKey, partnerKey }) {
  const bad = "receipt.signature_invalid";
  checkSignature(receipt.statement.note, journalKey, bad);
  if (receipt.checkpoint === null) return null;
  checkSignature(receipt.checkpoint.note, partnerKey, bad);
  const time = cosignatureTime(receipt.checkpoint.note, mirrorKey, bad);
  demand(time !== null, bad, "not cosigned by its author");
  return time;
}

export function checkResend(bytes, key) {
  const bad = "resend.malformed";
  const note = parseNote(bytes, bad);
  const said = note.text.split("\n");
  demand(said.length === 5 && said[4] === "" && said[0] === "counterfoil/resend/v1", bad, "its lines");
  demand(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(said[3]), bad, "its time");
  wholeNumber(said[2], bad);
  checkSignature(note, key, bad);
}

// C2SP tlog-proof: the entry with this leaf stands at `index` of the journal whose checkpoint is inside.
export function checkProof(bytes, leaf, key, mirrorKeys = []) {
  const bad = "proof.invalid";
  const text = utf8(bytes, bad);
  const gap = text.indexOf("\n\n");
  demand(gap > 0, bad, "no empty line");
  const said = text.slice(0, gap).split("\n");
  demand(said[0] === "c2sp.org/tlog-proof@v1", bad, "its first line");
  const at = said[1]?.startsWith("extra ") ? 2 : 1;
  demand(said[at]?.startsWith("index "), bad, "no index");
  const index = wholeNumber(said[at].slice(6), bad);
  const path = said.slice(at + 1).map((line) => fromBase64(line, bad));
  for (const hash of path) demand(hash.length === 32, bad, "a hash of another length");
  const note = parseNote(Buffer.from(text.slice(gap + 2)), bad);
  demand(note.text.split("\n").length > ROOT_TEXT_LINES, bad, "no checkpoint");
  const checkpoint = parseCheckpoint(note.text, bad);
  demand(checkpoint.origin === key.name, bad, "a checkpoint of another journal");
  checkSignature(note, key, bad);
  const times = mirrorKeys.map((mirror) => cosignatureTime(note, mirror, bad)).filter((time) => time !== null);
  checkInclusion(leaf, index, checkpoint.size, path, checkpoint.root, bad);
  return { index, checkpoint, times };
}
