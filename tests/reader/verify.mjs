// A reader written from formats.md alone, with nothing but node:crypto. It believes no gateway.
//
//   node verify.mjs http BASE_URL [PROOFS]     token from COUNTERFOIL_TOKEN; PROOFS: how many a journal, default all
//   node verify.mjs folder FOLDER              records of the topics (sources.mjs)
//
// Prints one JSON verdict and exits 0 when everything holds, 4 when something does not, 2 when called wrongly.

import { demand, Doubt } from "./doubt.mjs";
import { splitLine } from "./entries.mjs";
import { checkOpenings, checkSeen, Journal } from "./journals.mjs";
import { checkProof, checkResend } from "./records.mjs";
import { Gateway, Topics } from "./sources.mjs";

const AT_ONCE = 16; // requests for proofs that are under way together

async function readGateway(source, proofs) {
  const journals = (await source.journals()).map((given) => Object.assign(new Journal(given), { given }));
  for (const journal of journals) {
    const note = await source.checkpoint(journal); // before the pages, for the journal may grow meanwhile
    const size = Number(note.toString().split("\n")[1]);
    demand(size >= journal.given.size, "checkpoint.invalid", `the list of journals says ${journal.given.size}`);
    for await (const page of source.pages(journal, size)) journal.addPage(page);
    journal.latest = journal.addCheckpoint(note);
    await compareEntries(source, journal);
    await checkProofs(source, journal, proofs);
  }
  return journals;
}

async function compareEntries(source, journal) {
  let position = 0;
  for await (const line of source.entries(journal, journal.tree.size)) {
    demand(line.equals(journal.lines[position]), "entries.mismatch", `entry ${position} is not that of its page`);
    position += 1;
    if (position === journal.tree.size) return;
  }
}

async function checkProofs(source, journal, wanted) {
  const ids = journal.ids();
  const step = Math.max(1, Math.floor(ids.length / wanted));
  const chosen = ids.filter((_, at) => at % step === 0);
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let id = chosen.pop(); id !== undefined; id = chosen.pop()) await checkOneProof(source, journal, id);
  });
  await Promise.all(workers);
}

async function checkOneProof(source, journal, id) {
  const [event, proof] = await Promise.all([source.event(id), source.proof(id)]);
  const line = event.at(-1) === 0x0a ? event.subarray(0, -1) : event;
  const key = journal.keys.at(-1);
  const { index, checkpoint, times } = checkProof(proof, splitLine(line).leaf, key, journal.mirrorKeys);
  demand(line.equals(journal.lines[index]), "proof.invalid", `event ${id} is not the entry at ${index}`);
  if (checkpoint.size <= journal.tree.size) {
    demand(checkpoint.root.equals(journal.tree.root(checkpoint.size)), "proof.invalid", `another root at ${checkpoint.size}`);
  }
  journal.counts.proofs += 1;
  journal.counts.cosignatures += times.length;
}

async function readTopics(source) {
  const journals = (await source.journals()).map((given) => new Journal(given));
  const records = new Map();
  for (const journal of journals) records.set(journal, await source.records(journal.role));
  for (const journal of journals) {
    for (const { kind, value } of records.get(journal)) if (kind === "page") journal.addPage(value);
  }
  for (const journal of journals) {
    const partner = partnerOf(journal, journals);
    for (const { kind, value } of records.get(journal)) {
      if (kind === "receipt") journal.addReceipt(value, partner);
      if (kind === "resend") checkResend(value, journal.keys.at(-1));
    }
  }
  return journals;
}

function partnerOf(journal, journals) {
  const partner = journals.find((other) => other.relationship === journal.relationship && other.role !== journal.role);
  demand(partner !== undefined, "journal.malformed", `no partner of ${journal.origin}`);
  return partner;
}

function verdict(journals) {
  const fingerprints = {};
  for (const relationship of new Set(journals.map((journal) => journal.relationship))) {
    const pair = journals.filter((journal) => journal.relationship === relationship);
    fingerprints[relationship] = checkOpenings(pair.filter((journal) => journal.tree.size > 0));
  }
  for (const journal of journals) checkSeen(journal, partnerOf(journal, journals));
  return {
    ok: true,
    fingerprints,
    journals: journals.map(({ origin, tree, counts, irregular, latest }) => ({
      origin,
      size: tree.size,
      root: tree.root(tree.size).toString("base64"),
      cosigned: latest?.cosigned ?? null,
      ...counts,
      irregular,
    })),
  };
}

async function main([kind, place, proofs = "Infinity"]) {
  if (kind === "http") return verdict(await readGateway(new Gateway(place, process.env.COUNTERFOIL_TOKEN ?? ""), Number(proofs)));
  if (kind === "folder") return verdict(await readTopics(new Topics(place)));
  process.stderr.write("usage: node verify.mjs http BASE_URL [PROOFS] | folder FOLDER\n");
  process.exit(2);
}

try {
  console.log(JSON.stringify(await main(process.argv.slice(2))));
} catch (error) {
  if (!(error instanceof Doubt)) throw error;
  console.log(JSON.stringify({ ok: false, code: error.code, detail: error.detail }));
  process.exitCode = 4;
}
