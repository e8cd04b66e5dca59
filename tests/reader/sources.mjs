// Where journals are taken from: a gateway's HTTP interface, or a folder of records as they lay in the topics.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Doubt } from "./doubt.mjs";

const ENTRIES_PER_REQUEST = 1000;

export class Gateway {
  #base;
  #token;

  constructor(base, token) {
    this.#base = base.replace(/\/$/, "");
    this.#token = token;
  }

  async #get(path) {
    const answer = await fetch(this.#base + path, { headers: { authorization: `Bearer ${this.#token}` } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Doubt("source.unreadable", `GET ${path}: ${answer.status} ${bytes.subarray(0, 200)}`);
    return bytes;
  }

  #of(journal) {
    return `/v1/journals/${journal.origin.replace(/^counterfoil\//, "")}`;
  }

  async journals() {
    return JSON.parse(await this.#get("/v1/journals")).data;
  }

  checkpoint(journal) {
    return this.#get(`${this.#of(journal)}/checkpoint`);
  }

  // Yields pages until the journal reaches `size`; the caller adds each before the next is asked for.
  async *pages(journal, size) {
    while (journal.tree.size < size) {
      const before = journal.tree.size;
      yield await this.#get(`${this.#of(journal)}/pages/${before}`);
      if (journal.tree.size === before) throw new Doubt("source.unreadable", `no progress at ${before}`);
    }
  }

  async *entries(journal, size) {
    for (let from = 0; from < size; ) {
      const text = await this.#get(`${this.#of(journal)}/entries?from=${from}&limit=${ENTRIES_PER_REQUEST}`);
      const lines = splitLines(text);
      if (lines.length === 0) throw new Doubt("source.unreadable", `no entry from ${from} on`);
      for (const line of lines) yield line;
      from += lines.length;
    }
  }

  event(id) {
    return this.#get(`/v1/events/${id}`);
  }

  proof(id) {
    return this.#get(`/v1/events/${id}/proof`);
  }
}

// journals.json as GET /v1/journals answers it, and for each topic a folder `mah`, `cmo` of files `<number>.<kind>`.
export class Topics {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  async journals() {
    return JSON.parse(await readFile(join(this.#folder, "journals.json"))).data;
  }

  async records(role) {
    const names = (await readdir(join(this.#folder, role))).map((name) => name.split("."));
    names.sort((one, other) => Number(one[0]) - Number(other[0]));
    return Promise.all(
      names.map(async ([number, kind]) => ({ kind, value: await readFile(join(this.#folder, role, `${number}.${kind}`)) })),
    );
  }
}

export function splitLines(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) throw new Doubt("source.unreadable", "the last line does not end");
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
