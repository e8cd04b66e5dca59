// Verifies whole journals: every page, checkpoint, cosignature and receipt, and what the entries claim about themselves.

import { demand, Doubt } from "./doubt.mjs";
import { parseEntry } from "./entries.mjs";
import { sha256 } from "./encoding.mjs";
import { checkSignature, COSIGNATURE, cosignatureTime, parseCheckpoint, parseNote, parseVkey, SIGNATURE } from "./notes.mjs";
import { checkPage, checkReceipt, parsePage, parseReceipt } from "./records.mjs";
import { Tree } from "./tree.mjs";

const ORIGIN = /^counterfoil\/([0-9A-Z]{18})\/([0-9A-Z]{18})\/(mah|cmo)(\/[1-9][0-9]*)?$/;
const KEYS_OF_A_PARTY = 5;

// A journal as it grows under this reader's eyes.
export class Journal {
  constructor({ origin, keys, mirror_keys: mirrorKeys }) {
    const parts = ORIGIN.exec(origin);
    demand(parts !== null, "journal.malformed", `the origin ${origin}`);
    this.origin = origin;
    this.relationship = `${parts[1]}/${parts[2]}`;
    this.role = parts[3];
    this.author = this.role === "mah" ? parts[1] : parts[2];
    this.keys = readKeys(keys, origin, SIGNATURE);
    this.mirrorKeys = readKeys(mirrorKeys, `counterfoil/${this.relationship}/${this.role === "mah" ? "cmo" : "mah"}/mirror`, COSIGNATURE);
    this.tree = new Tree();
    this.lines = [];
    this.seen = [];
    this.counts = { pages: 0, repeats: 0, entries: 0, malformed: 0, erased: 0, checkpoints: 0, cosignatures: 0, receipts: 0, proofs: 0 };
    this.irregular = [];
    this.opening = null;
    this.claims = { ids: new Set(), revisions: new Map(), time: "", seen: 0 };
  }

  keyAt(position) {
    const inForce = this.keys.filter((key) => key.from <= position).at(-1);
    demand(inForce !== undefined, "page.signature_invalid", `no key is in force at ${position}`);
    return inForce;
  }

  addPage(bytes) {
    const page = parsePage(bytes, this.origin);
    checkPage(page, this.keyAt(page.first));
    if (page.checkpoint.size <= this.tree.size) {
      demand(page.checkpoint.root.equals(this.tree.root(page.checkpoint.size)), "page.history_conflict", "another root");
      this.counts.repeats += 1;
      return;
    }
    demand(page.first === this.tree.size, "page.overlap", `it starts at ${page.first}, ${this.tree.size} are held`);
    for (const entry of page.entries) this.#addEntry(entry);
    demand(page.checkpoint.root.equals(this.tree.root(page.checkpoint.size)), "page.root_mismatch", `page ${page.first}`);
    this.counts.pages += 1;
    this.counts.checkpoints += 1;
  }

  addCheckpoint(bytes) {
    const code = "checkpoint.invalid";
    const note = parseNote(bytes, code);
    const checkpoint = parseCheckpoint(note.text, code);
    demand(checkpoint.origin === this.origin, code, `of ${checkpoint.origin}`);
    demand(checkpoint.size > 0 && checkpoint.size <= this.tree.size, code, `of size ${checkpoint.size}`);
    demand(checkpoint.root.equals(this.tree.root(checkpoint.size)), code, `another root at ${checkpoint.size}`);
    // The key in force where the page began that ends here; without its start, that of one of the last two keys.
    const keys = this.keys.filter((key) => key.from < checkpoint.size).slice(-2);
    demand(keys.some((key) => holds(() => checkSignature(note, key, code))), code, "not signed by its author");
    this.counts.checkpoints += 1;
    const times = this.mirrorKeys.map((key) => cosignatureTime(note, key, code)).filter((time) => time !== null);
    this.counts.cosignatures += times.length;
    return { ...checkpoint, cosigned: times.length > 0 };
  }

  // A receipt that the author of this journal wrote about the partner's.
  addReceipt(bytes, partner) {
    const receipt = parseReceipt(bytes, this.origin, partner.origin);
    const { statement, checkpoint } = receipt;
    const mirrorKey = partner.mirrorKeys.filter((key) => key.from <= statement.held).at(-1);
    const position = Math.max(0, statement.held - 1);
    checkReceipt(receipt, { journalKey: this.keyAt(statement.size), mirrorKey, partnerKey: partner.keyAt(position) });
    demand(statement.size <= this.tree.size, "receipt.malformed", "it states a larger size than its author's pages");
    demand(statement.root.equals(this.tree.root(statement.size)), "receipt.malformed", "another root of its author's");
    if (checkpoint !== null) {
      demand(statement.held <= partner.tree.size, "receipt.malformed", "it holds more than there is");
      demand(checkpoint.root.equals(partner.tree.root(statement.held)), "receipt.malformed", "another root held");
      this.counts.cosignatures += 1;
    }
    this.counts.receipts += 1;
    return statement;
  }

  #addEntry({ line, head, body, leaf }) {
    const position = this.tree.size;
    this.tree.add(leaf);
    this.lines.push(line);
    this.counts.entries += 1;
    if (body === null) this.counts.erased += 1;
    try {
      const entry = parseEntry(line);
      if (position === 0) this.opening = entry;
      this.#notice(position, entry.attributes);
    } catch (error) {
      if (!(error instanceof Doubt)) throw error;
      this.counts.malformed += body === null ? 0 : 1;
      this.irregular.push({ position, why: error.message });
      this.seen.push(null);
    }
  }

  // What formats.md 2 says never happens within a journal. An entry that does it stays as evidence and is refused.
  #notice(position, { id, source, relationship, subject, revision, seen, time }) {
    const { claims } = this;
    const odd = [
      [source !== `urn:uscc:${this.author}`, "source"],
      [relationship !== this.relationship, "relationship"],
      [claims.ids.has(id), "id"],
      [time < claims.time, "time"],
      [seen < claims.seen, "seen"],
      [revision !== (claims.revisions.get(subject) ?? 0) + 1, "revision"],
    ];
    for (const [is, why] of odd) if (is) this.irregular.push({ position, why });
    this.seen.push(seen);
    claims.ids.add(id);
    claims.revisions.set(subject, revision);
    claims.time = time;
    claims.seen = seen;
  }

  ids() {
    return [...this.claims.ids];
  }
}

// Entry 0 of both journals names the keys that were used here, and one fingerprint; returns it.
export function checkOpenings(journals) {
  const code = "opening.mismatch";
  const fingerprints = journals.map((journal) => {
    const opening = journal.opening;
    demand(opening?.attributes.type === "relationship.opened.v1", code, `entry 0 of ${journal.origin}`);
    const parties = [opening.body.mah, opening.body.cmo];
    for (const { keys } of parties) {
      demand(keys.length === KEYS_OF_A_PARTY, code, "a party has five keys");
      keys.forEach(parseVkey);
    }
    const announced = new Set(parties.flatMap((party) => party.keys));
    const used = [...journal.keys, ...journal.mirrorKeys].filter((key) => key.from === 0);
    for (const key of used) demand(announced.has(key.text), code, `${key.text} is not announced`);
    demand(fingerprintOf(parties) === opening.body.fingerprint, code, "the fingerprint is that of other keys");
    return opening.body.fingerprint;
  });
  demand(new Set(fingerprints).size === 1, code, "the two journals announce different keys");
  return fingerprints[0];
}

function fingerprintOf(parties) {
  const texts = parties.flatMap((party) => [...party.keys, party.label_key]).sort();
  const digest = sha256(texts.map((text) => `${text}\n`).join("")).toString("hex");
  return digest.slice(0, 48).match(/.{4}/g).join(" ");
}

// `seen` never goes beyond what the partner has written; only told once both journals are read to their ends.
export function checkSeen(journal, partner) {
  journal.seen.forEach((seen, position) => {
    if (seen !== null && seen > partner.tree.size) journal.irregular.push({ position, why: "seen beyond the partner's end" });
  });
}

function readKeys(given, name, type) {
  const keys = given.map(({ vkey, from }) => ({ ...parseVkey(vkey), from })).filter((key) => key.type === type);
  for (const key of keys) demand(key.name === name, "key.refused", `${key.name} is not ${name}`);
  demand(keys.length > 0, "key.refused", `no key of ${name}`);
  return keys.sort((one, other) => one.from - other.from);
}

function holds(check) {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Doubt) return false;
    throw error;
  }
}
