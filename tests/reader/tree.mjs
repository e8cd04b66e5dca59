// The RFC 6962 tree of a journal: leaves are added, the root at any size they reach can be asked for.

import { demand } from "./doubt.mjs";
import { sha256 } from "./encoding.mjs";

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export function leafHash(head) {
  return sha256(LEAF, head);
}

export function nodeHash(left, right) {
  return sha256(NODE, left, right);
}

export class Tree {
  #levels = [[]]; // hashes of complete subtrees, by height

  get size() {
    return this.#levels[0].length;
  }

  leaf(position) {
    return this.#levels[0][position];
  }

  add(leaf) {
    this.#levels[0].push(leaf);
    for (let height = 0; this.#levels[height].length % 2 === 0; height += 1) {
      const below = this.#levels[height];
      this.#levels[height + 1] ??= [];
      this.#levels[height + 1].push(nodeHash(below.at(-2), below.at(-1)));
    }
  }

  root(size) {
    if (size === 0) return sha256("");
    let root = null;
    let end = size;
    for (let height = 0; end > 0; height += 1, end = Math.floor(end / 2)) {
      if (end % 2 === 0) continue;
      const peak = this.#levels[height][end - 1];
      root = root === null ? peak : nodeHash(peak, root);
    }
    return root;
  }
}

// RFC 9162, 2.1.3.2.
export function checkInclusion(leaf, index, size, path, root, code) {
  demand(index < size, code, "a place beyond the tree");
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const step of path) {
    demand(last !== 0, code, "a path that is too long");
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(step, hash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, step);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  demand(last === 0 && hash.equals(root), code, "the path does not lead to the root");
}

// RFC 9162, 2.1.4.2, for two trees that both have leaves.
export function checkConsistency(first, second, path, code) {
  demand(first.size > 0 && first.size <= second.size, code, "sizes that no journal goes through");
  if (first.size === second.size) {
    demand(path.length === 0 && first.root.equals(second.root), code, "two roots of one size");
    return;
  }
  const steps = Number.isInteger(Math.log2(first.size)) ? [first.root, ...path] : [...path];
  demand(steps.length > 0, code, "no path");
  let node = first.size - 1;
  let last = second.size - 1;
  const up = () => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  while (node % 2 === 1) up();
  let [older, newer] = [steps[0], steps[0]];
  for (const step of steps.slice(1)) {
    demand(last !== 0, code, "a path that is too long");
    if (node % 2 === 1 || node === last) {
      [older, newer] = [nodeHash(step, older), nodeHash(step, newer)];
      while (node % 2 === 0 && node !== 0) up();
    } else {
      newer = nodeHash(newer, step);
    }
    up();
  }
  demand(last === 0 && older.equals(first.root) && newer.equals(second.root), code, "the path does not lead to both roots");
}
